/** A JSON Schema document (2020-12 or an older draft). Write it as a literal to have its type inferred. */
export type JsonSchema = { readonly [keyword: string]: unknown }

/**
 * The type of the values a literal schema accepts, as far as `type`, `properties`, `required`,
 * `additionalProperties`, `items`, `enum`, `const`, `anyOf` and `oneOf` say it. What they leave open is `unknown`;
 * members a schema merely tolerates (no `additionalProperties`) are not in the type.
 */
export type FromSchema<Schema> = Schema extends { readonly const: infer Value }
  ? Value
  : Schema extends { readonly enum: readonly (infer Value)[] }
    ? Value
    : Schema extends false
      ? never
      : FromType<Schema> & FromUnion<Schema>

type FromType<Schema> = Schema extends { readonly type: infer Name }
  ? OfType<Name extends readonly (infer Each)[] ? Each : Name, Schema>
  : unknown

type FromUnion<Schema> = Schema extends { readonly [Keyword in 'anyOf']: readonly (infer Alternative)[] }
  ? Each<Alternative>
  : Schema extends { readonly [Keyword in 'oneOf']: readonly (infer Alternative)[] }
    ? Each<Alternative>
    : unknown

/** Distributes, so that a union of schemas becomes a union of values. */
type Each<Schema> = Schema extends unknown ? FromSchema<Schema> : never

type OfType<Name, Schema> = Name extends keyof Scalars
  ? Scalars[Name]
  : Name extends 'array'
    ? (Schema extends { readonly items: infer Items } ? FromSchema<Items> : unknown)[]
    : Name extends 'object'
      ? FromObject<Member<Schema, 'properties', object>, RequiredNames<Schema>, Extra<Schema>>
      : unknown

type Scalars = { string: string; number: number; integer: number; boolean: boolean; null: null }
type Member<Schema, Key extends string, Kind> = Schema extends { readonly [K in Key]: infer Value extends Kind }
  ? Value
  : unknown
type RequiredNames<Schema> = Schema extends { readonly required: readonly (infer Name extends string)[] } ? Name : never
type Extra<Schema> = Schema extends { readonly additionalProperties: infer Extra }
  ? FromSchema<Extra>
  : Schema extends { readonly properties: object }
    ? never
    : unknown

type FromObject<Properties, Needed extends string, Rest> = Flat<
  { -readonly [Key in keyof Properties as Key extends Needed ? Key : never]: FromSchema<Properties[Key]> } & {
    -readonly [Key in keyof Properties as Key extends Needed ? never : Key]?: FromSchema<Properties[Key]>
  } & { [Key in Exclude<Needed, keyof Properties>]: unknown } & ([Rest] extends [never]
      ? unknown
      : { [member: string]: unknown extends Rest ? unknown : Rest | FromSchema<Properties[keyof Properties]> })
>
type Flat<Type> = { [Key in keyof Type]: Type[Key] }
