import { isObject } from '@interlock/protocol'
import { type Check, type Checking, type Fault, fault } from '../apply.ts'
import { namesOf } from '../equal.ts'
import type { Seen } from '../seen.ts'
import { counted, type Keyword, numberOf, type Place, quoted, tableOf, textsOf } from './keyword.ts'

type Members = Readonly<Record<string, unknown>>

/** A check of objects; anything else is allowed. */
const ofObjects =
  (check: (members: Members, checking: Checking, seen: Seen | undefined) => Fault | undefined): Check =>
  (value, checking, seen) =>
    isObject(value) ? check(value, checking, seen) : undefined

function properties(value: unknown, place: Place): Check {
  const schemas = tableOf('properties', value, place)
  return ofObjects((members, checking, seen) => {
    checking.run.spend(schemas.length)
    for (const [name, schema] of schemas) {
      if (!Object.hasOwn(members, name)) continue
      const found = checking.applyBelow(name, schema, members[name])
      if (found !== undefined) return found
      seen?.names.add(name)
    }
    return undefined
  })
}

function patternProperties(value: unknown, place: Place): Check {
  const schemas = tableOf('patternProperties', value, place)
  return ofObjects((members, checking, seen) => {
    const { run, document } = checking
    for (const name of namesOf(members, run)) {
      for (const [pattern, schema] of schemas) {
        if (!document.matcher(pattern, run)(name, run)) continue
        const found = checking.applyBelow(name, schema, members[name])
        if (found !== undefined) return found
        seen?.names.add(name)
      }
    }
    return undefined
  })
}

/** What neither `properties` nor `patternProperties` beside it name. */
function additionalProperties(value: unknown, place: Place): Check {
  const { properties, patternProperties } = place.schema
  const named = new Set(isObject(properties) ? tableOf('properties', properties, place).map(([name]) => name) : [])
  const patterns = isObject(patternProperties)
    ? tableOf('patternProperties', patternProperties, place).map(([pattern]) => pattern)
    : []
  return ofObjects((members, checking, seen) => {
    const { run, document } = checking
    for (const name of namesOf(members, run)) {
      if (named.has(name) || patterns.some(pattern => document.matcher(pattern, run)(name, run))) continue
      if (value === false) return fault(extraMember(name))
      const found = checking.applyBelow(name, value, members[name])
      if (found !== undefined) return found
    }
    if (seen !== undefined) seen.hasAllNames = true
    return undefined
  })
}

export const extraMember = (name: string): string => `must not have the extra member ${quoted(name)}`

const propertyNames: Keyword = value =>
  ofObjects((members, checking) => {
    const wrong = namesOf(members, checking.run).find(name => checking.apply(value, name) !== undefined)
    return wrong === undefined ? undefined : fault(`must not have a member named ${quoted(wrong)}`)
  })

const required: Keyword = (value, place) => {
  // In an older draft this was a switch of one member.
  if (typeof value === 'boolean') return undefined
  const names = textsOf('required', value, place)
  return ofObjects((members, { run }) => missing(members, names, run.spend.bind(run)))
}

function missing(members: Members, names: readonly string[], spend: (steps: number) => void): Fault | undefined {
  spend(names.length)
  const name = names.find(one => !Object.hasOwn(members, one))
  return name === undefined ? undefined : { path: [name], says: 'is missing' }
}

const size =
  (keyword: string, holds: (size: number, limit: number) => boolean, says: string): Keyword =>
  value => {
    const bound = numberOf(keyword, value)
    return ofObjects((members, { run }) =>
      holds(namesOf(members, run).length, bound)
        ? undefined
        : fault(`must have at ${says} ${counted(bound, 'member')}`),
    )
  }

function dependentRequired(value: unknown, place: Place): Check {
  const table = tableOf('dependentRequired', value, place).map(
    ([name, needed]) => [name, textsOf('dependentRequired', needed, place)] as const,
  )
  return ofObjects((members, { run }) => {
    for (const [name, needed] of table) {
      run.spend(1)
      const found = Object.hasOwn(members, name) ? missing(members, needed, run.spend.bind(run)) : undefined
      if (found !== undefined) return found
    }
    return undefined
  })
}

function dependentSchemas(value: unknown, place: Place): Check {
  const table = tableOf('dependentSchemas', value, place)
  return ofObjects((members, checking, seen) => {
    for (const [name, schema] of table) {
      checking.run.spend(1)
      const found = Object.hasOwn(members, name) ? checking.apply(schema, members, seen) : undefined
      if (found !== undefined) return found
    }
    return undefined
  })
}

/** Before 2019-09, one keyword for both. */
function dependencies(value: unknown, place: Place): Check | undefined {
  if (place.document.dialect >= 2019) return undefined
  const table = tableOf('dependencies', value, place)
  const names = dependentRequired(Object.fromEntries(table.filter(([, needed]) => Array.isArray(needed))), place)
  const schemas = dependentSchemas(Object.fromEntries(table.filter(([, needed]) => !Array.isArray(needed))), place)
  return (instance, checking, seen) => names(instance, checking, seen) ?? schemas(instance, checking, seen)
}

const since2019 =
  (keyword: Keyword): Keyword =>
  (value, place) =>
    place.document.dialect >= 2019 ? keyword(value, place) : undefined

export const objects: ReadonlyMap<string, Keyword> = new Map<string, Keyword>([
  ['required', required],
  ['properties', properties],
  ['patternProperties', patternProperties],
  ['additionalProperties', additionalProperties],
  ['propertyNames', propertyNames],
  ['minProperties', size('minProperties', (a, b) => a >= b, 'least')],
  ['maxProperties', size('maxProperties', (a, b) => a <= b, 'most')],
  ['dependentRequired', since2019(dependentRequired)],
  ['dependentSchemas', since2019(dependentSchemas)],
  ['dependencies', dependencies],
])
