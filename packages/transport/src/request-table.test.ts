import { Cancellation, type Request, request, TransportError } from '@interlock/protocol'
import { expect, test } from 'vitest'
import { RequestTable } from './request-table.ts'

const ping = (id: number): Request => request(id, 'ping')
const answer = (id: number) => ({ jsonrpc: '2.0', id, result: {} }) as const
const nowhere = (): void => {}

test.each(['signal', 'cancellation'])(
  'a request is stopped by its %s, and what answers it later is noise',
  async kind => {
    const table = new RequestTable()
    const noise: string[] = []
    table.onNoise(what => noise.push(what))
    const [controller, cancellation] = [new AbortController(), new Cancellation()]
    const options = kind === 'signal' ? { signal: controller.signal } : { cancellation }
    const stopped = table.exchange(ping(1), nowhere, options)
    const other = table.exchange(ping(2), nowhere)
    controller.abort('enough')
    cancellation.abort('enough')
    await expect(stopped).rejects.toBe('enough')
    await expect(table.exchange(ping(3), nowhere, options)).rejects.toBe('enough')
    table.take(answer(1))
    table.take(answer(2))
    expect(await other).toEqual({ response: answer(2) })
    expect(noise).toEqual(['a response to no request (id 1)'])
  },
)

test('a request that was answered stays so when it is stopped afterwards', async () => {
  const table = new RequestTable()
  const cancellation = new Cancellation()
  const reply = table.exchange(ping(1), nowhere, { cancellation })
  table.take(answer(1))
  cancellation.abort('too late')
  expect(await reply).toEqual({ response: answer(1) })
})

test('what cannot be written is not waited for', async () => {
  const table = new RequestTable()
  const write = (): never => {
    throw new TypeError('no JSON')
  }
  await expect(table.exchange(ping(1), write)).rejects.toThrow('no JSON')
  const again = table.exchange(ping(1), message => queueMicrotask(() => table.take(answer(Number(message.id)))))
  expect(await again).toEqual({ response: answer(1) })
})

test('when nothing more arrives, nobody waits on', async () => {
  const table = new RequestTable()
  const waiting = [table.exchange(ping(1), nowhere), table.exchange(ping(1_000_000), nowhere)]
  table.close(new TransportError('exited', 'it ended'))
  for (const each of waiting) await expect(each).rejects.toThrow('it ended')
  await expect(table.exchange(ping(2), nowhere)).rejects.toThrow('it ended')
})
