import { isObject } from '@interlock/protocol'
import { type Check, fault } from '../apply.ts'
import { isEqual, spendText } from '../equal.ts'
import { type Run, Undecided } from '../run.ts'
import { arrayOf, counted, type Keyword, numberOf, quoted, textsOf } from './keyword.ts'

const types: ReadonlyMap<string, readonly [noun: string, is: (value: unknown) => boolean]> = new Map([
  ['string', ['a string', value => typeof value === 'string']],
  ['number', ['a number', value => typeof value === 'number']],
  ['integer', ['an integer', value => Number.isInteger(value)]],
  ['boolean', ['a boolean', value => typeof value === 'boolean']],
  ['null', ['null', value => value === null]],
  ['array', ['an array', value => Array.isArray(value)]],
  ['object', ['an object', isObject]],
])

function type(value: unknown, place: Parameters<Keyword>[1]): Check {
  const names = typeof value === 'string' ? [value] : textsOf('type', value, place)
  const allowed = names.map(name => {
    const known = types.get(name)
    if (known === undefined) throw new Undecided(`it has the type ${quoted(name)}, which does not exist`)
    return known
  })
  const nouns = allowed.map(([noun]) => noun).join(' or ')
  return instance =>
    allowed.some(([, is]) => is(instance)) ? undefined : fault(`must be ${nouns}, not ${noun(instance)}`)
}

function noun(value: unknown): string {
  if (typeof value === 'number') return quoted(value)
  for (const [name, is] of types.values()) if (is(value)) return name
  return 'missing'
}

/** Allowed values that a message repeats; more would bury it. */
const shownValues = 10

function enumeration(value: unknown, place: Parameters<Keyword>[1]): Check {
  const allowed = arrayOf('enum', value, place)
  const scalars = new Set(allowed.filter(one => typeof one !== 'object' || one === null))
  const structures = allowed.filter(one => typeof one === 'object' && one !== null)
  return (instance, { run }) => {
    if (typeof instance === 'string') spendText(instance, run)
    if (scalars.has(instance) || structures.some(one => isEqual(one, instance, run))) return undefined
    const shown = allowed.slice(0, shownValues).map(quoted).join(', ')
    const more = allowed.length > shownValues ? ` and ${allowed.length - shownValues} more` : ''
    return fault(`must be one of ${shown}${more}`)
  }
}

const constant: Keyword =
  value =>
  (instance, { run }) =>
    isEqual(value, instance, run) ? undefined : fault(`must be ${quoted(value)}`)

const limit =
  (keyword: string, holds: (instance: number, limit: number) => boolean, says: (limit: number) => string): Keyword =>
  value => {
    // In an older draft this was a switch beside the limit, which then is checked alone.
    if (typeof value === 'boolean') return undefined
    const bound = numberOf(keyword, value)
    return instance => (typeof instance !== 'number' || holds(instance, bound) ? undefined : fault(says(bound)))
  }

const length =
  (keyword: string, holds: (length: number, limit: number) => boolean, says: string): Keyword =>
  value => {
    const bound = numberOf(keyword, value)
    return (instance, { run }) =>
      typeof instance !== 'string' || holds(characters(instance, run), bound)
        ? undefined
        : fault(`must have at ${says} ${counted(bound, 'character')}`)
  }

/** Code points, not code units. */
function characters(text: string, run: Run): number {
  spendText(text, run)
  let count = text.length
  for (let at = 0; at < text.length; at += 1) if ((text.codePointAt(at) ?? 0) > 0xffff) count -= 1
  return count
}

const pattern: Keyword = (value, { document }) => {
  if (typeof value !== 'string') throw new Undecided('its "pattern" is no text')
  return (instance, { run }) =>
    typeof instance !== 'string' || document.matcher(value, run)(instance, run)
      ? undefined
      : fault(`must match the pattern ${quoted(value)}`)
}

/** How far from a whole number a quotient may be that is one but for rounding. */
const rounding = 1e-12

function isMultiple(instance: number, of: number): boolean {
  const quotient = instance / of
  if (Number.isInteger(quotient)) return true
  return Number.isFinite(quotient) && Math.abs(quotient - Math.round(quotient)) <= rounding * Math.abs(quotient)
}

export const scalars: ReadonlyMap<string, Keyword> = new Map([
  ['type', type],
  ['enum', enumeration],
  ['const', constant],
  [
    'minimum',
    limit(
      'minimum',
      (a, b) => a >= b,
      bound => `must be at least ${bound}`,
    ),
  ],
  [
    'maximum',
    limit(
      'maximum',
      (a, b) => a <= b,
      bound => `must be at most ${bound}`,
    ),
  ],
  [
    'exclusiveMinimum',
    limit(
      'exclusiveMinimum',
      (a, b) => a > b,
      bound => `must be greater than ${bound}`,
    ),
  ],
  [
    'exclusiveMaximum',
    limit(
      'exclusiveMaximum',
      (a, b) => a < b,
      bound => `must be less than ${bound}`,
    ),
  ],
  ['multipleOf', limit('multipleOf', isMultiple, bound => `must be a multiple of ${bound}`)],
  ['minLength', length('minLength', (a, b) => a >= b, 'least')],
  ['maxLength', length('maxLength', (a, b) => a <= b, 'most')],
  ['pattern', pattern],
])
