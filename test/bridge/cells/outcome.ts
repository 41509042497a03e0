import type { Client } from '@interlock/client'
import { type Complete, newest, type Params } from '@interlock/protocol'

/** What a call ends with, its envelope included. */
export async function outcomeOf(client: Client, method: string, params: Params = {}): Promise<Complete> {
  const outcome = await client.handle({
    method,
    params,
    caller: {
      peer: { revision: newest, capabilities: {} },
      signal: new AbortController().signal,
      input: {
        flow: 'f',
        isLive: true,
        ask: () => Promise.reject(new Error('not asked')),
        step: async (_, run) => run(),
      },
      wantsProgress: false,
      logLevel: undefined,
      notify: () => {},
    },
  })
  if (outcome.kind !== 'complete') throw new TypeError(`${method} ended as ${outcome.kind}`)
  return outcome
}
