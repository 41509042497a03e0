import type { Section } from '../section.ts'
import { large } from './large.ts'
import { fronts, tax } from './tax.ts'

/** What a gateway adds to calls of the server behind it. */
export const gateway: Section = {
  name: 'gateway',
  about: 'latency and CPU time that a gateway adds to calls of a stdio server behind it',
  words: [['front-modern', 'front-legacy', '10mb']],
  async *run(words, options) {
    const isWanted = (word: string): boolean => words.length === 0 || words.includes(word)
    for (const front of fronts) {
      if (isWanted(`front-${front}`)) yield await tax(front, options)
    }
    if (isWanted('10mb')) yield await large(options)
  },
}
