import { Compile, type Validator } from 'typebox/schema'
import { checkBounds } from './bounds.ts'
import { explain } from './explain.ts'
import type { FromSchema, JsonSchema } from './from-schema.ts'
import type { JsonSchemaTarget, StandardJsonSchema, StandardSchema, ValidationResult } from './standard-schema.ts'

/**
 * Makes a Standard Schema of a plain JSON Schema; the type of its values is inferred from the literal.
 *
 * The schema is copied and compiled here, once (interpreted where generating code is forbidden), and reaches the wire
 * as it was written. Checking never changes a value: `default` is a note to the reader. Throws `TypeError` for a
 * schema beyond `limits`, one that refers outside itself, or one that cannot be compiled.
 *
 * A `pattern` is run as it stands: one from a stranger can be slow on a hostile string, so bound such strings first.
 *
 * @example
 * const city = jsonSchema({ type: 'object', properties: { name: { type: 'string' } }, required: ['name'] })
 * city['~standard'].validate({})   // { issues: [{ path: ['name'], message: 'is required' }] }
 */
export function jsonSchema<const Schema extends JsonSchema>(
  schema: Schema,
): StandardSchema<FromSchema<Schema>> & StandardJsonSchema<FromSchema<Schema>> {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) {
    throw new TypeError('a schema must be an object; use {} for "anything"')
  }
  checkBounds(schema)
  const document: Record<string, unknown> = JSON.parse(JSON.stringify(schema))
  const validator = compiled(document)
  const convert = ({ target }: JsonSchemaTarget): Record<string, unknown> => {
    if (target.startsWith('draft-')) return structuredClone(document)
    throw new TypeError(`a JSON Schema cannot be given as "${target}"; ask for "draft-2020-12"`)
  }
  return {
    '~standard': {
      version: 1,
      vendor: 'interlock',
      validate: (value: unknown): ValidationResult<FromSchema<Schema>> => check(validator, value),
      jsonSchema: { input: convert, output: convert },
    },
  }
}

function compiled(document: Record<string, unknown>): Validator {
  try {
    return Compile(document)
  } catch (cause) {
    throw new TypeError(`the schema cannot be compiled: ${cause instanceof Error ? cause.message : cause}`, { cause })
  }
}

function check<Value>(validator: Validator, value: unknown): ValidationResult<Value> {
  try {
    // The type is computed from the very schema the value has just been checked against.
    if (validator.Check(value)) return { value: value as Value }
    return { issues: explain(value, validator.Errors(value)[1]) }
  } catch (error) {
    // A value or a reference that goes round in circles exhausts the stack of the check.
    if (error instanceof RangeError) return { issues: [{ path: [], message: 'must not be nested so deeply' }] }
    throw error
  }
}
