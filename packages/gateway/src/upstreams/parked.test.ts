import { type Call, type Caller, type Handler, newest, type Outcome, type RequestEvent } from '@interlock/protocol'
import { expect, test } from 'vitest'
import { Parking } from './parked.ts'

const form = (message: string) => ({ method: 'elicitation/create', params: { message } }) as const
const answer = (day: string) => ({ action: 'accept', content: { day } })

function caller(options: { signal?: AbortSignal; events?: RequestEvent[]; capabilities?: object } = {}): Caller {
  return {
    peer: { revision: newest, capabilities: options.capabilities ?? { elicitation: {} } },
    signal: options.signal ?? new AbortController().signal,
    input: {
      flow: 'f',
      isLive: false,
      ask: () => Promise.reject(new Error('not asked')),
      step: async (_, run) => run(),
    },
    wantsProgress: true,
    logLevel: undefined,
    notify: event => options.events?.push(event),
  }
}

const first = (from: Caller = caller()): Call => ({ method: 'tools/call', params: { name: 'book' }, caller: from })
const retry = (outcome: Outcome, responses: Record<string, unknown>, from: Caller = caller()): Call => {
  if (outcome.kind !== 'input_required' || outcome.state === undefined) throw new Error('the call did not ask')
  return { ...first(from), resume: { state: outcome.state, responses } }
}

/** A server that asks twice while it works, and counts how often it was run. */
function booking(): { handler: Handler; runs: () => number } {
  let runs = 0
  return {
    runs: () => runs,
    handler: async ({ caller: { input } }) => {
      runs += 1
      const day = await input.ask('day', form('Which day?'))
      const seat = await input.ask('seat', form('Which seat?'))
      return { kind: 'complete', result: { day, seat } }
    },
  }
}

test('a call that asks is kept open and never run twice', async () => {
  const parking = new Parking()
  const { handler, runs } = booking()

  const one = await parking.begin(first(), handler)
  expect(one).toMatchObject({ kind: 'input_required', requests: { day: form('Which day?') } })
  const two = await parking.resume(retry(one, { day: answer('Monday') }))
  expect(two).toMatchObject({ kind: 'input_required', requests: { seat: form('Which seat?') } })
  const three = await parking.resume(retry(two, { seat: answer('1A') }))

  expect(three).toEqual({ kind: 'complete', result: { day: answer('Monday'), seat: answer('1A') } })
  expect(runs()).toBe(1)
})

test('a retry that leaves an answer out is asked again', async () => {
  const parking = new Parking()
  const { handler } = booking()
  const one = await parking.begin(first(), handler)

  const again = await parking.resume(retry(one, { other: 1 }))

  expect(again).toMatchObject({ kind: 'input_required', requests: { day: form('Which day?') } })
})

test('questions asked in one breath go out in one round', async () => {
  const parking = new Parking()
  const both: Handler = async ({ caller: { input } }) => {
    await Promise.all([input.ask('a', form('a?')), input.ask('b', form('b?'))])
    return { kind: 'complete', result: {} }
  }

  expect(await parking.begin(first(), both)).toMatchObject({ requests: { a: form('a?'), b: form('b?') } })
})

test('a finished call cannot be taken up again, and its client is told that the outcome is unknown', async () => {
  const parking = new Parking()
  const { handler } = booking()
  const one = await parking.begin(first(), handler)
  parking.close()

  await expect(parking.resume(retry(one, { day: answer('Monday') }))).rejects.toThrow(
    /whether it took effect is unknown/,
  )
})

test('a call whose answers do not come is cancelled at its server', async () => {
  const parking = new Parking({ calls: 1, waitMs: 10 })
  const cancelled = new Promise(resolve => {
    const handler: Handler = async ({ caller: { input, signal } }) => {
      signal.addEventListener('abort', () => resolve('cancelled'))
      await input.ask('day', form('Which day?'))
      return { kind: 'complete', result: {} }
    }
    void parking.begin(first(), handler)
  })

  expect(await cancelled).toBe('cancelled')
})

test('refuses to keep more calls than it may', async () => {
  const parking = new Parking({ calls: 1, waitMs: 60_000 })
  await parking.begin(first(), booking().handler)

  await expect(parking.begin(first(), booking().handler)).rejects.toThrow(
    /too many calls wait for answers.*whether this one took effect is unknown$/,
  )
  parking.close()
})

test('one principal does not take the places of the others', async () => {
  const parking = new Parking({ calls: 3, callsPerPrincipal: 1 })
  const from = (subject: string): Caller => ({
    ...caller(),
    peer: { ...caller().peer, principal: { subject, scopes: [] } },
  })
  await parking.begin(first(from('ada')), booking().handler)

  await expect(parking.begin(first(from('ada')), booking().handler)).rejects.toThrow(/too many calls/)
  expect(await parking.begin(first(from('bob')), booking().handler)).toMatchObject({ kind: 'input_required' })
  parking.close()
})

test('a client that cannot answer is not asked', async () => {
  const parking = new Parking()

  await expect(parking.begin(first(caller({ capabilities: {} })), booking().handler)).rejects.toMatchObject({
    code: -32021,
  })
})

test('a client that leaves during a round cancels the call', async () => {
  const parking = new Parking()
  const leaving = new AbortController()
  const handler: Handler = ({ caller: { signal } }) =>
    new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
  const round = parking.begin(first(caller({ signal: leaving.signal })), handler)

  leaving.abort()

  await expect(round).rejects.toThrow('the client cancelled the call')
})

test('progress goes to the round that is open', async () => {
  const parking = new Parking()
  const events: RequestEvent[] = []
  const handler: Handler = async ({ caller: asking }) => {
    await asking.input.ask('day', form('Which day?'))
    asking.notify({ kind: 'progress', progress: 1 })
    return { kind: 'complete', result: {} }
  }
  const one = await parking.begin(first(), handler)

  await parking.resume(retry(one, { day: answer('Monday') }, caller({ events })))

  expect(events).toEqual([{ kind: 'progress', progress: 1 }])
})

test('a question that is taken back is not asked any more', async () => {
  const parking = new Parking()
  const withdrawn = new AbortController()
  const handler: Handler = async ({ caller: { input } }) => {
    await input.ask('day', form('Which day?'), withdrawn.signal).catch(() => {})
    return { kind: 'complete', result: { day: 'none' } }
  }
  const one = await parking.begin(first(), handler)
  withdrawn.abort()

  expect(await parking.resume(retry(one, {}))).toEqual({ kind: 'complete', result: { day: 'none' } })
})

test('a call that is over keeps its outcome, and keeps nobody else from waiting', async () => {
  const parking = new Parking({ calls: 1, waitMs: 60_000 })
  const over: Handler = async ({ caller: { input } }) => {
    void input.ask('day', form('Which day?')).catch(() => {})
    await new Promise(resolve => setImmediate(resolve))
    return { kind: 'complete', result: { day: 'any' } }
  }
  const one = await parking.begin(first(), over)
  await new Promise(resolve => setTimeout(resolve, 5))

  expect(await parking.begin(first(), booking().handler)).toMatchObject({ kind: 'input_required' })
  expect(await parking.resume(retry(one, { day: answer('Monday') }))).toEqual({
    kind: 'complete',
    result: { day: 'any' },
  })
  parking.close()
})

test('a question that is taken back once the call has become a task is taken back there as well', async () => {
  const parking = new Parking()
  const withdrawn = new AbortController()
  const one = await parking.begin(first(), async ({ caller: { input } }) => {
    await input.ask('day', form('Which day?'), withdrawn.signal).catch(() => {})
    return { kind: 'complete', result: { day: 'none' } }
  })
  const heir = caller()
  const wanted: (AbortSignal | undefined)[] = []
  const ask = (_: string, __: object, signal?: AbortSignal): Promise<unknown> =>
    new Promise((_resolve, reject) => {
      wanted.push(signal)
      signal?.addEventListener('abort', () => reject(signal.reason))
    })
  if (one.kind !== 'input_required' || one.state === undefined) throw new Error('the call did not ask')
  const over = parking.handOver(one.state, { ...heir, input: { ...heir.input, ask } })
  withdrawn.abort()

  expect(wanted).toEqual([withdrawn.signal])
  expect(await over).toEqual({ kind: 'complete', result: { day: 'none' } })
})
