import type { Section } from '../section.ts'
import { fronts, tax } from './tax.ts'

/** What a gateway adds to calls of the server behind it. */
export const gateway: Section = {
  name: 'gateway',
  about: 'latency and CPU time that a gateway adds to calls of a stdio server behind it',
  words: [['front-modern', 'front-legacy']],
  async *run(words, options) {
    for (const front of fronts) {
      if (words.length === 0 || words.includes(`front-${front}`)) yield await tax(front, options)
    }
  },
}
