import type { Era } from '../load/messages.ts'
import { type Client, clients, lean, type Reply, type Way } from './contestants.ts'

/** The clients that are measured in turns, and what they call. */
export interface Scenario {
  readonly name: string
  readonly title: string
  readonly way: Way
  readonly era: Era
  readonly reply: Reply
  readonly inFlight: number
  readonly tool: 'add' | 'text10m'
  readonly clients: readonly Client[]
}

/** What can be chosen, by kind. */
export const kinds: readonly (readonly string[])[] = [
  ['null', 'stdio', 'http'],
  ['legacy', 'modern'],
  ['json', 'sse'],
  ['single', 'many'],
  ['small', 'large'],
]

const paths = { null: 'null transport', stdio: 'stdio', http: 'HTTP' } as const
const numbers = { single: 1, many: 32 } as const
const replies = { json: ', JSON reply', sse: ', SSE reply' } as const

/** The scenarios that have a word of each kind of which one was given. */
export function scenarios(words: readonly string[], only = ''): Scenario[] {
  const found: Scenario[] = []
  const wants = (...own: readonly string[]): boolean =>
    kinds.every(kind => own.some(word => kind.includes(word) && (isGiven(word) || !kind.some(isGiven))))
  const isGiven = (word: string): boolean => words.includes(word)
  for (const way of ['null', 'stdio', 'http'] as const) {
    for (const era of ['legacy', 'modern'] as const) {
      for (const reply of way === 'http' ? (['json', 'sse'] as const) : (['json'] as const)) {
        for (const number of ['single', 'many'] as const) {
          if (wants(way, era, reply, number, 'small')) found.push(small(way, era, reply, number, only))
        }
        if (way !== 'null' && wants(way, era, reply, 'single', 'large')) found.push(large(way, era, reply, only))
      }
    }
  }
  return found
}

function small(way: Way, era: Era, reply: Reply, number: keyof typeof numbers, only: string): Scenario {
  const inFlight = numbers[number]
  const where = `${paths[way]}${way === 'http' ? replies[reply] : ''}, ${era}`
  return {
    name: [way, era, ...(way === 'http' ? [reply] : []), number].join(' '),
    title: `A client's \`tools/call\` of \`add\`: ${where}, ${inFlight} in flight`,
    way,
    era,
    reply,
    inFlight,
    tool: 'add',
    clients: among(way, era, only),
  }
}

/** What a client does is compared to the least that can be done with what it reads. */
function large(way: Way, era: Era, reply: Reply, only: string): Scenario {
  const parse: Client = {
    name: 'JSON.parse',
    script: 'client-lean.js',
    eras: [era],
    ways: [way],
    env: { HOW: 'parse' },
  }
  return {
    name: [way, era, ...(way === 'http' ? [reply] : []), 'large'].join(' '),
    title: `A client reads a result of 10 MB: ${paths[way]}${way === 'http' ? replies[reply] : ''}, ${era}`,
    way,
    era,
    reply,
    inFlight: 1,
    tool: 'text10m',
    clients: [parse, ...among(way, era, only)],
  }
}

const among = (way: Way, era: Era, only: string): Client[] =>
  clients.filter(
    ({ name, ways, eras }) => ways.includes(way) && eras.includes(era) && (name === lean || name.includes(only)),
  )
