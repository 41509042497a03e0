import { auth } from './auth/section.ts'
import { calls } from './calls/section.ts'
import { catalogue } from './catalogue/section.ts'
import { client } from './client/section.ts'
import { gateway } from './gateway/section.ts'
import { payload } from './payload/section.ts'
import type { Section } from './section.ts'
import { sessions } from './sessions/section.ts'
import { size } from './size/section.ts'
import { slowReaders } from './slow-readers/section.ts'
import { start } from './start/section.ts'

/** In the order in which they are measured and shown. */
export const sections: readonly Section[] = [
  calls,
  auth,
  client,
  gateway,
  payload,
  catalogue,
  sessions,
  slowReaders,
  start,
  size,
]

/** A section that is to be measured, with its own words of those that were given. */
export interface Choice {
  readonly section: Section
  readonly words: readonly string[]
}

/**
 * What these words choose: the sections named, each with those words that it understands; with no name, the sections
 * that understand every word; with no word at all, everything. None for a word that nobody understands.
 */
export function choose(words: readonly string[], all: readonly Section[] = sections): Choice[] {
  const named = all.filter(({ name }) => words.includes(name))
  const others = words.filter(word => !named.some(({ name }) => name === word))
  const among = named.length > 0 ? named : all.filter(section => others.every(word => understands(section, word)))
  if (!others.every(word => among.some(section => understands(section, word)))) return []
  return among.map(section => ({ section, words: others.filter(word => understands(section, word)) }))
}

const understands = (section: Section, word: string): boolean => section.words.flat().includes(word)
