import { isObject } from '@interlock/protocol'
import type { Check } from '../apply.ts'
import type { SchemaDocument } from '../document.ts'
import { type Run, Undecided } from '../run.ts'

/** Where a keyword stands. */
export interface Place {
  readonly schema: Readonly<Record<string, unknown>>
  readonly document: SchemaDocument
  readonly run: Run
}

/**
 * Makes the check of a keyword; undefined when it allows everything, or means nothing in this dialect.
 * @throws Undecided when its value is none that it can have
 */
export type Keyword = (value: unknown, place: Place) => Check | undefined

export function arrayOf(keyword: string, value: unknown, { run }: Place): readonly unknown[] {
  if (!Array.isArray(value)) throw new Undecided(`its "${keyword}" is no array`)
  run.spend(value.length)
  return value
}

export function tableOf(keyword: string, value: unknown, { run }: Place): readonly (readonly [string, unknown])[] {
  if (!isObject(value)) throw new Undecided(`its "${keyword}" is no object`)
  const entries = Object.entries(value)
  run.spend(entries.length)
  return entries
}

export function textsOf(keyword: string, value: unknown, place: Place): readonly string[] {
  const texts = arrayOf(keyword, value, place)
  if (!texts.every(text => typeof text === 'string')) throw new Undecided(`its "${keyword}" holds more than names`)
  return texts
}

export function numberOf(keyword: string, value: unknown): number {
  if (typeof value !== 'number') throw new Undecided(`its "${keyword}" is no number`)
  return value
}

export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

/** Text of a schema or a value as a message repeats it: enough to recognise it by. */
export function quoted(value: unknown): string {
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'an array' : 'an object'
  const text = typeof value === 'string' ? value.slice(0, 100) : value
  const shown = JSON.stringify(text) ?? String(text)
  return shown.length > 60 ? `${shown.slice(0, 60)}…` : shown
}
