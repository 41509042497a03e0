import { isObject } from '@interlock/protocol'
import { fault } from '../apply.ts'
import { namesOf } from '../equal.ts'
import type { Keyword } from './keyword.ts'
import { extraMember } from './objects.ts'

const unevaluatedProperties: Keyword = (value, { document }) =>
  document.dialect < 2019
    ? undefined
    : (instance, checking, seen) => {
        if (!isObject(instance) || seen === undefined || seen.hasAllNames) return undefined
        for (const name of namesOf(instance, checking.run)) {
          if (seen.names.has(name)) continue
          if (value === false) return fault(extraMember(name))
          const found = checking.applyBelow(name, value, instance[name])
          if (found !== undefined) return found
        }
        seen.hasAllNames = true
        return undefined
      }

const unevaluatedItems: Keyword = (value, { document }) =>
  document.dialect < 2019
    ? undefined
    : (instance, checking, seen) => {
        if (!Array.isArray(instance) || seen === undefined) return undefined
        checking.run.spend(instance.length)
        for (const [at, item] of instance.entries()) {
          if (seen.hasItem(at)) continue
          if (value === false) return fault('must not have extra items')
          const found = checking.applyBelow(at, value, item)
          if (found !== undefined) return found
        }
        seen.itemsBefore = instance.length
        return undefined
      }

export const unevaluated: ReadonlyMap<string, Keyword> = new Map([
  ['unevaluatedProperties', unevaluatedProperties],
  ['unevaluatedItems', unevaluatedItems],
])
