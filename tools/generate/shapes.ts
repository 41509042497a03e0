import { reachable } from './checks.ts'
import { type Definitions, definition, literal, memberKey, type Schema, target } from './schema.ts'

/** TypeScript source of the same definitions as data, for saying where a value went wrong. */
export function renderShapes(definitions: Definitions, roots: readonly string[]): string {
  const rows = reachable(definitions, roots).map(name => `  ${name}: ${source(definition(name, definitions))},`)
  return [`import type { Shapes } from '../../revision.ts'`, '', 'export const shapes: Shapes = {', ...rows, '}'].join(
    '\n',
  )
}

function source(value: Schema | Schema[keyof Schema]): string {
  if (Array.isArray(value)) return `[${value.map(item => source(item)).join(', ')}]`
  if (typeof value === 'object')
    return `{ ${Object.entries(value)
      .map(
        ([key, member]) =>
          `${memberKey(key)}: ${key === '$ref' && typeof member === 'string' ? literal(target(member)) : source(member)}`,
      )
      .join(', ')} }`.replace('{  }', '{}')
  return literal(value ?? '')
}
