import { text10k } from '../contestants/shared.js'
import type { Era } from '../load/messages.ts'
import type { Workload } from '../load/workloads.ts'
import { listeningOn, type Program } from '../machine/program.ts'

/** Bytes of the texts. */
export const sizes: Readonly<Record<string, number>> = { '1mb': 1e6, '10mb': 1e7 }

export type Direction = 'arguments' | 'results'

export interface Contestant extends Program {
  readonly transport: 'http' | 'stdio'
  readonly era: Era
}

/** Contestants that take one large message at a time over one transport; the first is the baseline. */
export interface Case {
  /** `http`, `stdio legacy` or `stdio modern`, then size and direction. */
  readonly name: string
  readonly title: string
  readonly bytes: number
  readonly direction: Direction
  readonly contestants: readonly Contestant[]
}

const v1 = 'sdk v1.32.2'
const v2 = 'sdk v2.4.0'
const ours = 'interlock, zod'

/** By transport: who is measured over it. SDK v1 does not speak the modern era, so over HTTP it has a session. */
const fields: Readonly<Record<string, readonly Contestant[]>> = {
  http: [
    http('bare', 'modern', 'bare-http.js'),
    http(`${v1}, in a session`, 'legacy', 'v1-http.js'),
    http(v2, 'modern', 'v2-http.js'),
    http(ours, 'modern', 'ours.js'),
  ],
  'stdio legacy': [
    stdio('bare', 'legacy', 'payload-bare-stdio.js'),
    stdio(v1, 'legacy', 'v1-stdio.js'),
    stdio(v2, 'legacy', 'v2-stdio.js'),
    stdio(ours, 'legacy', 'ours.js'),
  ],
  'stdio modern': [
    stdio('bare', 'modern', 'payload-bare-stdio.js'),
    stdio(v2, 'modern', 'v2-stdio.js'),
    stdio(ours, 'modern', 'ours.js'),
  ],
}

export const words: readonly (readonly string[])[] = [
  ['http', 'stdio'],
  ['legacy', 'modern'],
  Object.keys(sizes),
  ['arguments', 'results'],
]

/** The cases that have a word of every kind that was given; `only` keeps contestants of that name, and the baseline. */
export function cases(chosen: readonly string[], only: string): Case[] {
  const found: Case[] = []
  for (const [transport, contestants] of Object.entries(fields)) {
    for (const [size, bytes] of Object.entries(sizes)) {
      for (const direction of ['arguments', 'results'] as const) {
        const name = `${transport} ${size} ${direction}`
        const has = `${name}${transport === 'http' ? ' modern' : ''}`.split(' ')
        if (
          !words.every(
            kind =>
              kind.every(word => !chosen.includes(word)) ||
              kind.some(word => chosen.includes(word) && has.includes(word)),
          )
        )
          continue
        const kept = contestants.filter((contestant, index) => index === 0 || contestant.name.includes(only))
        const title = `${bytes / 1e6} MB as ${direction}, ${transport === 'http' ? 'HTTP' : transport}, one at a time`
        found.push({ name, title, bytes, direction, contestants: kept })
      }
    }
  }
  return found
}

/** The call that moves a text in the direction of the case: `sink` takes it as an argument, `blob` gives it. */
export function workload({ direction, bytes }: Pick<Case, 'direction' | 'bytes'>): Workload {
  return direction === 'results'
    ? { tool: 'blob', arguments: () => ({ bytes }), text: () => text(bytes), notifications: 0 }
    : { tool: 'sink', arguments: () => ({ text: text(bytes) }), text: () => String(bytes), notifications: 0 }
}

/** As the contestants make it: quotes, backslashes and line feeds in places, all of it ASCII. */
const text = (bytes: number): string => Buffer.alloc(bytes, text10k).toString('latin1')

function http(name: string, era: Era, script: string): Contestant {
  const env = { HTTP: '1', ERA: era, REPLY: 'json', SCHEMA: 'zod' }
  return { name, transport: 'http', era, script, env, listens: listeningOn }
}

function stdio(name: string, era: Era, script: string): Contestant {
  return { name, transport: 'stdio', era, script, env: { SCHEMA: 'zod' } }
}
