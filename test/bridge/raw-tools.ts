import { type Call, code, complete, type Middleware, type Outcome, ProtocolError } from '@interlock/protocol'
import { text } from '@interlock/server'
import { examples } from '../../tools/bridge/examples.ts'
import type { Journal } from './journal.ts'

const says = (value: unknown): Outcome =>
  complete({ content: [text(typeof value === 'string' ? value : JSON.stringify(value))] })

/** Tools for which the framework has no words: they see the request, and ask, as it is on the wire. */
export const raw =
  (journal: Journal): Middleware =>
  next =>
  call => {
    const tool = call.method === 'tools/call' ? rawTools[String(call.params['name'])] : undefined
    return tool === undefined ? next(call) : tool(call, journal)
  }

/** To be listed: what answers them stands below. */
export const rawNames = ['params', 'withdraw', 'page', 'page-first'] as const

const rawTools: Readonly<Record<string, (call: Call, journal: Journal) => Promise<Outcome>>> = {
  params: async ({ params }) => says(params),
  withdraw,
  page: async ({ caller: { input } }) => {
    const [elicitationId] = ['page-1']
    const params = { mode: 'url', message: 'Pay', url: 'https://example.com/pay', elicitationId }
    return says(await input.ask('pay', { method: 'elicitation/create', params }))
  },
  'page-first': async (_, { paid }) => {
    if (paid.delete('page-2')) return says('bought')
    const url = 'https://example.com/pay-first'
    const elicitations = [{ mode: 'url', message: 'Pay first', url, elicitationId: 'page-2' }]
    throw new ProtocolError(code.urlElicitationRequired, 'You have to pay first', { elicitations })
  },
}

/** Asks, and does not wait for the answer any longer when somebody says that it has been asked. */
async function withdraw({ params, caller: { input } }: Call, journal: Journal): Promise<Outcome> {
  const { what, word } = { what: '', word: '', ...(params['arguments'] as object | undefined) } // what our tests send
  const form = { message: 'Still there?', requestedSchema: { type: 'object', properties: {} } }
  const stop = new AbortController()
  const asked =
    what === 'form'
      ? input.ask('still', { method: 'elicitation/create', params: form }, stop.signal)
      : input.ask('still', { method: 'sampling/createMessage', params: { ...examples.sampling } }, stop.signal)
  const answer = asked.then(JSON.stringify, () => 'withdrawn')
  await Promise.race([answer, journal.until(word)])
  stop.abort(new Error('not needed any more'))
  return says(await answer)
}
