import { jsonSchema } from '@interlock/json-schema'

/** The schema of an object whose members are strings, each of them required. */
export const strings = (...names: string[]) =>
  jsonSchema({
    type: 'object',
    properties: Object.fromEntries(names.map(name => [name, { type: 'string' } as const])),
    required: names,
  })
