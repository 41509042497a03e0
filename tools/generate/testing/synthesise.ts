import { type Definitions, definition, mapValues, type Schema, target } from '../schema.ts'
import { below, pick, type Random } from './random.ts'

/** Levels below which only what is required is made, so that recursive definitions come to an end. */
const fullDepth = 5

/** A random value that matches a definition. */
export function synthesise(name: string, definitions: Definitions, random: Random): unknown {
  return make(definition(name, definitions), 0)

  function make(schema: Schema, depth: number): unknown {
    if (schema.$ref !== undefined) return make(definition(target(schema.$ref), definitions), depth)
    if (schema.const !== undefined) return schema.const
    if (schema.enum) return pick(schema.enum, random)
    if (schema.anyOf) return make(pick(schema.anyOf, random), depth)
    if (schema.allOf) return Object.assign({}, ...schema.allOf.map(part => make(part, depth)))
    return ofType(schema, depth)
  }

  function ofType(schema: Schema, depth: number): unknown {
    switch (pick([schema.type ?? 'anything'].flat(), random)) {
      case 'string':
        return pick(['', 'text', 'file:///a%20b', '2026-01-01'], random)
      case 'number':
        return inRange(schema, pick([0, 0.5, -1.25, 3], random))
      case 'integer':
        return inRange(schema, pick([0, 1, -7, 2 ** 40], random))
      case 'boolean':
        return random() < 0.5
      case 'null':
        return null
      case 'array':
        return depth > fullDepth
          ? []
          : Array.from({ length: below(3, random) }, () => make(schema.items ?? {}, depth + 1))
      case 'object':
        return object(schema, depth)
      default:
        return pick(['anything', 1, { a: [null] }], random)
    }
  }

  function object(schema: Schema, depth: number): unknown {
    const wanted = Object.entries(schema.properties ?? {}).filter(
      ([member]) => schema.required?.includes(member) || (depth <= fullDepth && random() < 0.5),
    )
    const named = mapValues(Object.fromEntries(wanted), member => make(member, depth + 1))
    const further = schema.additionalProperties
    if (typeof further !== 'object' || depth > fullDepth || random() < 0.5) return named
    return { ...named, 'x-further': make(further, depth + 1) }
  }
}

function inRange({ minimum = -Infinity, maximum = Infinity }: Schema, value: number): number {
  return Math.min(Math.max(value, minimum), maximum)
}
