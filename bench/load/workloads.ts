import { text10k } from '../contestants/shared.js'

/** One tool of every contestant, and what a right answer to a numbered call of it is. */
export interface Workload {
  readonly tool: string
  arguments(call: number): Readonly<Record<string, unknown>>
  text(call: number): string
  /** Progress notifications that come before the reply; with any, an HTTP reply has to be an event stream. */
  readonly notifications: number
}

export const workloads: readonly Workload[] = [
  { tool: 'add', arguments: call => ({ a: call, b: 1 }), text: call => String(call + 1), notifications: 0 },
  { tool: 'echo', arguments: call => ({ text: `call ${call}` }), text: call => `call ${call}`, notifications: 0 },
  { tool: 'text10k', arguments: () => ({}), text: () => text10k, notifications: 0 },
  { tool: 'steps', arguments: call => ({ a: call, b: 1 }), text: call => String(call + 1), notifications: 1 },
]
