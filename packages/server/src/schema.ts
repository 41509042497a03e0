/**
 * The interfaces of Standard Schema (https://standardschema.dev) that tools are written against: any library that has
 * them will do. JSON Schema comes from the same object where the library offers it.
 */
export interface StandardSchema<Input = unknown, Output = Input> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly validate: (value: unknown) => Validated<Output> | Promise<Validated<Output>>
    readonly types?: { readonly input: Input; readonly output: Output } | undefined
    readonly jsonSchema?: {
      readonly input: (options: { readonly target: string }) => Record<string, unknown>
      readonly output: (options: { readonly target: string }) => Record<string, unknown>
    }
  }
}

export type Validated<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] }

export interface SchemaIssue {
  readonly message: string
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
}

export type InputOf<Schema> = Schema extends StandardSchema<infer Input, unknown> ? Input : never
export type OutputOf<Schema> = Schema extends StandardSchema<unknown, infer Output> ? Output : never

export const isStandardSchema = (schema: object): schema is StandardSchema => '~standard' in schema

/** JSON Schema dialect asked of schema libraries; the protocol's default. */
const target = 'draft-2020-12'

/**
 * The JSON Schema of a Standard Schema, as clients see it.
 * @throws TypeError when the library offers none, with what to do about it.
 */
export function toJsonSchema(
  schema: StandardSchema,
  direction: 'input' | 'output',
  where: string,
): Record<string, unknown> {
  const standard: StandardSchema['~standard'] | undefined = schema?.['~standard']
  if (standard === undefined) {
    throw new TypeError(
      `${where} is not a Standard Schema; for plain JSON Schema write jsonSchema({ … }) from @interlock/json-schema`,
    )
  }
  if (standard.jsonSchema === undefined) {
    throw new TypeError(
      `${where}: ${standard.vendor} schemas do not carry JSON Schema by themselves; ` +
        (standard.vendor === 'valibot'
          ? 'wrap it with toStandardJsonSchema(…) from @valibot/to-json-schema'
          : 'use a version of the library that has "~standard.jsonSchema"'),
    )
  }
  try {
    return standard.jsonSchema[direction]({ target })
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new TypeError(`${where} cannot be described to clients as JSON Schema: ${reason}`, { cause })
  }
}

/** Each issue as one line: the place, then what is wrong there. */
export function describeIssues(issues: readonly SchemaIssue[]): string {
  return issues
    .slice(0, 10)
    .map(({ path, message }) => {
      const place = (path ?? []).map(step => String(typeof step === 'object' ? step.key : step)).join('.')
      return place === '' ? message : `${place}: ${message}`
    })
    .join('\n')
}
