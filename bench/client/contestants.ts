import type { Era } from '../load/messages.ts'
import type { Program } from '../machine/program.ts'

export type Way = 'null' | 'stdio' | 'http'
export type Reply = 'json' | 'sse'

/** A client that is to be measured one way. */
export interface Client extends Omit<Program, 'listens'> {
  readonly eras: readonly Era[]
  readonly ways: readonly Way[]
}

/** The name of the client that the others are measured against. */
export const lean = 'lean'

const both = ['legacy', 'modern'] as const
const all = ['null', 'stdio', 'http'] as const

export const clients: readonly Client[] = [
  { name: lean, script: 'client-lean.js', eras: both, ways: all },
  { name: 'lean, fetch', script: 'client-lean.js', eras: both, ways: ['http'], env: { HOW: 'fetch' } },
  { name: 'interlock', script: 'client-interlock.js', eras: both, ways: all },
  { name: 'sdk v1.32.2', script: 'client-v1.js', eras: ['legacy'], ways: all },
  { name: 'sdk v2.4.0', script: 'client-v2.js', eras: both, ways: all },
]
