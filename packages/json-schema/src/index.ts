export { limits } from './bounds.ts'
export type { FromSchema, JsonSchema } from './from-schema.ts'
export { jsonSchema } from './json-schema.ts'
export type {
  Issue,
  JsonSchemaTarget,
  StandardJsonSchema,
  StandardSchema,
  ValidationResult,
} from './standard-schema.ts'
