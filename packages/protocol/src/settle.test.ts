import { describe, expect, test } from 'vitest'
import type { Call, InputPort, InputRequest } from './call.ts'
import { Cancellation } from './cancellation.ts'
import { complete, type Handler, type Outcome } from './handler.ts'
import { newest } from './revisions/index.ts'
import { inputRounds, settle } from './settle.ts'

const elicit = (message: string): InputRequest => ({ method: 'elicitation/create', params: { message } })

/** A port that answers each question with its own message, and remembers the keys. */
function echoPort(): InputPort & { readonly asked: string[] } {
  const asked: string[] = []
  return {
    flow: 'flow',
    isLive: true,
    asked,
    async ask(key, request) {
      asked.push(key)
      return { action: 'accept', content: { said: request.params?.['message'] } }
    },
    step: async (_, run) => run(),
  }
}

const callTo = (input: InputPort): Call => ({
  method: 'tools/call',
  params: { name: 'book' },
  caller: {
    peer: { revision: newest, capabilities: {} },
    signal: new Cancellation().signal,
    input,
    wantsProgress: false,
    logLevel: undefined,
    notify: () => {},
  },
})

/** A handler that plays these outcomes one after the other, and remembers how it was called. */
function scripted(...outcomes: readonly Outcome[]): { readonly handler: Handler; readonly calls: Call[] } {
  const calls: Call[] = []
  return {
    calls,
    handler: async call => {
      calls.push(call)
      return outcomes[calls.length - 1] ?? complete({ done: true })
    },
  }
}

describe('settle', () => {
  test('gives back at once what is complete', async () => {
    const port = echoPort()
    const { handler, calls } = scripted()
    expect(await settle(handler, callTo(port))).toEqual(complete({ done: true }))
    expect(calls).toHaveLength(1)
    expect(port.asked).toEqual([])
  })

  test('asks what is asked, and calls again with the answers and the state', async () => {
    const port = echoPort()
    const { handler, calls } = scripted(
      { kind: 'input_required', requests: { day: elicit('Which day?'), room: elicit('Which room?') }, state: 's1' },
      { kind: 'input_required', requests: { day: elicit('Really?') } },
    )
    expect(await settle(handler, callTo(port))).toEqual(complete({ done: true }))
    expect(calls.map(call => call.resume)).toEqual([
      undefined,
      {
        state: 's1',
        responses: {
          day: { action: 'accept', content: { said: 'Which day?' } },
          room: { action: 'accept', content: { said: 'Which room?' } },
        },
      },
      { responses: { day: { action: 'accept', content: { said: 'Really?' } } } },
    ])
    expect(calls.every(call => call.params['name'] === 'book')).toBe(true)
  })

  test('gives the same question of another round a key of its own, so that a replayed port keeps them apart', async () => {
    const port = echoPort()
    const { handler } = scripted(
      { kind: 'input_required', requests: { day: elicit('Which day?') } },
      { kind: 'input_required', requests: { day: elicit('Really?') } },
    )
    await settle(handler, callTo(port))
    expect(port.asked).toEqual(['1.day', '2.day'])
  })

  test('asks the questions of one round at the same time', async () => {
    const port = echoPort()
    const waiting: (() => void)[] = []
    const together: InputPort = {
      ...port,
      ask: () =>
        new Promise(resolve => {
          waiting.push(() => resolve({}))
          if (waiting.length === 2) for (const answer of waiting) answer()
        }),
    }
    const { handler } = scripted({ kind: 'input_required', requests: { a: elicit('a'), b: elicit('b') } })
    expect(await settle(handler, callTo(together))).toEqual(complete({ done: true }))
  })

  test('comes again with the state alone when nothing is asked', async () => {
    const port = echoPort()
    const { handler, calls } = scripted({ kind: 'input_required', state: 'later' })
    await settle(handler, callTo(port))
    expect(calls[1]?.resume).toEqual({ state: 'later', responses: {} })
  })

  test('gives up after so many rounds', async () => {
    const port = echoPort()
    let calls = 0
    const insatiable: Handler = async () => {
      calls += 1
      return { kind: 'input_required', requests: { more: elicit('More?') } }
    }
    await expect(settle(insatiable, callTo(port))).rejects.toMatchObject({
      code: -32603,
      message: 'no result after 10 rounds of input',
    })
    expect(calls).toBe(inputRounds + 1)
  })

  test('passes on the refusal of a question', async () => {
    const refused = new Error('the client cannot be asked')
    const port: InputPort = { ...echoPort(), ask: () => Promise.reject(refused) }
    const { handler } = scripted({ kind: 'input_required', requests: { day: elicit('Which day?') } })
    await expect(settle(handler, callTo(port))).rejects.toBe(refused)
  })

  test('asks nothing more once the caller has gone', async () => {
    const port = echoPort()
    const cancellation = new Cancellation()
    const call = callTo(port)
    const gone: Call = { ...call, caller: { ...call.caller, signal: cancellation.signal } }
    const handler: Handler = async () => {
      cancellation.abort(new Error('the caller has gone'))
      return { kind: 'input_required', requests: { day: elicit('Which day?') } }
    }
    await expect(settle(handler, gone)).rejects.toThrow('the caller has gone')
    expect(port.asked).toEqual([])
  })

  test('keeps a question whose key is __proto__', async () => {
    const port = echoPort()
    const { handler, calls } = scripted({
      kind: 'input_required',
      requests: Object.fromEntries([['__proto__', elicit('Which day?')]]),
    })
    await settle(handler, callTo(port))
    expect(Object.keys(calls[1]?.resume?.responses ?? {})).toEqual(['__proto__'])
  })
})
