import { isObject } from '@interlock/protocol'
import type { Run } from './run.ts'

/** Characters that are compared, counted or copied in a step. Few, since long texts of one length are hashed alike. */
const charactersPerStep = 8

/** Pays for reading a text once. */
export const spendText = (text: string, run: Run): void => run.spend(1 + Math.floor(text.length / charactersPerStep))

/** Whether two JSON values are the same; the order of members does not count. */
export function isEqual(one: unknown, other: unknown, run: Run): boolean {
  run.spend(1)
  if (typeof one === 'string' && typeof other === 'string') {
    if (one.length !== other.length) return false
    spendText(one, run)
  }
  if (one === other) return true
  if (Array.isArray(one)) {
    return Array.isArray(other) && one.length === other.length && one.every((item, at) => isEqual(item, other[at], run))
  }
  if (!isObject(one) || !isObject(other)) return false
  const names = namesOf(one, run)
  if (names.length !== namesOf(other, run).length) return false
  return names.every(name => Object.hasOwn(other, name) && isEqual(one[name], other[name], run))
}

/** The names of an object's members, paid for. */
export function namesOf(value: object, run: Run): string[] {
  const names = Object.keys(value)
  run.spend(names.length)
  return names
}

/** A text that is the same for equal values and for no others. */
export function canonical(value: unknown, run: Run): string {
  run.spend(1)
  const text = written(value, run)
  spendText(text, run)
  run.spend(1)
  return text
}

function written(value: unknown, run: Run): string {
  if (Array.isArray(value)) return `[${value.map(item => canonical(item, run)).join(',')}]`
  if (!isObject(value)) return JSON.stringify(value) ?? 'undefined'
  const names = namesOf(value, run)
  run.spend(names.length * Math.ceil(Math.log2(names.length + 1)))
  const members = names.sort().map(name => `${canonical(name, run)}:${canonical(value[name], run)}`)
  return `{${members.join(',')}}`
}
