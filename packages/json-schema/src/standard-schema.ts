/** What a schema answers: the value as it was given, or what is wrong with it. */
export type ValidationResult<Value> =
  | { readonly value: Value; readonly issues?: undefined }
  | { readonly issues: readonly Issue[] }

/** One thing wrong with a value: where, as member names and item numbers from the top, and a plain sentence. */
export interface Issue {
  readonly message: string
  readonly path: readonly (string | number)[]
}

/**
 * Version 1 of Standard Schema, narrowed to what `jsonSchema` gives: synchronous, and input and output are one type.
 * @see https://standardschema.dev/schema
 */
export interface StandardSchema<Value = unknown> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly validate: (value: unknown) => ValidationResult<Value>
    readonly types?: { readonly input: Value; readonly output: Value } | undefined
  }
}

/**
 * Version 1 of Standard JSON Schema: the same schema as a JSON document.
 * @see https://standardschema.dev/json-schema
 */
export interface StandardJsonSchema<Value = unknown> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly jsonSchema: {
      readonly input: (options: JsonSchemaTarget) => Record<string, unknown>
      readonly output: (options: JsonSchemaTarget) => Record<string, unknown>
    }
    readonly types?: { readonly input: Value; readonly output: Value } | undefined
  }
}

export interface JsonSchemaTarget {
  readonly target: 'draft-2020-12' | 'draft-07' | 'openapi-3.0' | (string & {})
}
