import { afterEach, expect, test, vi } from 'vitest'
import { httpClientLimits, httpTransport } from './client.ts'
import { resumeLimits } from './follow.ts'
import type { HttpAnswer, HttpSend } from './send.ts'

afterEach(() => {
  vi.useRealTimers()
})

/** Answers every GET with a stream that says `text` and ends; notes when they came. */
function restless(text: string, at: number[]): HttpSend {
  return async () => {
    at.push(Date.now())
    const answer: HttpAnswer = {
      status: 200,
      header: name => (name === 'content-type' ? 'text/event-stream' : undefined),
      body: (async function* () {
        yield new TextEncoder().encode(text)
      })(),
      close: () => {},
    }
    return answer
  }
}

const changed = '{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}'
const waits = (at: readonly number[]): number[] => at.slice(1).map((time, nr) => time - (at[nr] ?? 0))

test('a server that wants to be asked again at once, with an event each time, is asked more and more seldom', async () => {
  vi.useFakeTimers()
  const at: number[] = []
  await using transport = httpTransport(new URL('http://127.0.0.1/'), {
    send: restless(`id: 1\nretry: 0\ndata: ${changed}\n\n`, at),
  })
  void transport.listen?.({}).catch(() => {})
  await vi.advanceTimersByTimeAsync(120_000)
  expect(waits(at).slice(0, 8)).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000])
})

test('a wait that the server names is kept to within reason', async () => {
  vi.useFakeTimers()
  const at: number[] = []
  await using transport = httpTransport(new URL('http://127.0.0.1/'), {
    send: restless('id: 1\nretry: 86400000\ndata:\n\n', at),
  })
  const over = transport.listen?.({})
  await vi.advanceTimersByTimeAsync(resumeLimits.longestNamedMs * 10)
  await over
  expect(waits(at)).toEqual(Array(resumeLimits.barren).fill(resumeLimits.longestNamedMs))
})

test('closing the transport ends the wait for a stream that is to be resumed', async () => {
  const at: number[] = []
  const transport = httpTransport(new URL('http://127.0.0.1/'), {
    send: restless('id: 1\nretry: 300000\ndata:\n\n', at),
  })
  const { signal } = new AbortController()
  const answer = transport.exchange({ jsonrpc: '2.0', id: 1, method: 'tools/list' }, { signal })
  await vi.waitFor(() => expect(at).toHaveLength(1))
  await new Promise(resolve => setImmediate(resolve)) // the stream has been read to its end, and is waited for
  await transport[Symbol.asyncDispose]()
  await expect(answer).rejects.toMatchObject({ code: 'closed' })
})

test('a resumed stream that stays open after its response is let go', async () => {
  vi.useFakeTimers()
  const close = vi.fn()
  const streams = [
    () => pieces('id: 1\ndata:\n\n'),
    () => pieces('data: {"jsonrpc":"2.0","id":1,"result":{}}\n\n', true),
  ]
  await using transport = httpTransport(new URL('http://127.0.0.1/'), {
    send: async ({ method }) => ({
      status: 200,
      header: name => (name === 'content-type' ? 'text/event-stream' : undefined),
      body: streams.shift()?.() ?? pieces(''),
      close: () => method === 'GET' && close(),
    }),
  })
  const answer = transport.exchange({ jsonrpc: '2.0', id: 1, method: 'tools/list' })
  await vi.advanceTimersByTimeAsync(resumeLimits.shortestMs)
  expect(await answer).toMatchObject({ response: { id: 1 } })
  await vi.advanceTimersByTimeAsync(httpClientLimits.lingerMs)
  expect(close).toHaveBeenCalledOnce()
})

/** The body of a stream, which may never end. */
async function* pieces(text: string, isOpen = false): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text)
  if (isOpen) await new Promise(() => {})
}
