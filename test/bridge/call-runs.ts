import { once } from 'node:events'
import { code } from '@interlock/protocol'
import { expect } from 'vitest'
import { type Cell, call, errorOf, fresh, named, type Run, textOf, uriOf } from './cell.ts'
import { bothKnow } from './expectations.ts'

const calls: Run = async ({ end }) => {
  expect(textOf(await call(end, 'echo', { words: 'hello' }))).toBe('hello')
  const { messages } = await end.request('prompts/get', { name: named('paint'), arguments: { colour: 'red' } })
  expect(messages).toEqual([{ role: 'user', content: { type: 'text', text: 'Paint it red' } }])
  const { contents } = await end.request('resources/read', { uri: uriOf('colours/green') })
  expect(contents).toMatchObject([{ text: '{"colour":"green"}' }])
}

const errors: Run = async ({ end }) => {
  const { code: errorCode, message, data } = await errorOf(call(end, 'refuse'))
  expect({ code: errorCode, message, data }).toEqual({ code: 4055, message: 'no more of that', data: { left: 0 } })
  const misspelt = await errorOf(call(end, 'ecko'))
  expect([misspelt.code, misspelt.data]).toEqual([code.invalidParams, { didYouMean: named('echo') }])
  const nowhere = await errorOf(end.request('tools/call', { name: 'nowhere__zzz', arguments: {} }))
  expect(nowhere.code).toBe(code.invalidParams)
  expect(nowhere.message).toContain('nowhere__zzz')
}

/** One that no template fits, one that its template does not find, and one of nobody's. */
const notFound: Run = async ({ end, client, route }) => {
  for (const uri of [uriOf('colours/a/b'), uriOf('lost/1'), 'nowhere://at/all']) {
    const before = end.host.codes.length
    const error = await errorOf(end.request('resources/read', { uri }))
    expect(error.message).toMatch(/not found/i)
    expect(error.data).toEqual({ uri })
    // The second generation has −32602 for its host, whatever there was.
    const isTold = route.client.make !== 'v2'
    expect(end.host.codes.slice(before)).toEqual([isTold ? client.features.resourceNotFound : code.invalidParams])
  }
}

const progress: Run = async cell => {
  const steps: object[] = []
  await call(cell.end, 'count', {}, { onProgress: step => steps.push(step) })
  const told = bothKnow(cell, 'ProgressNotificationParams', 'message')
  const all = [1, 2, 3].map(at => ({ progress: at, total: 3, ...(told ? { message: `counted ${at}` } : {}) }))
  // The official clients lose steps that they read together with the result.
  expect(steps).toEqual(cell.route.client.make === 'own' ? all : all.slice(0, Math.max(1, steps.length)))
}

const logs: Run = async ({ end }) => {
  const { logs: heard } = end.host
  const before = heard.all.length
  const isLast = (message: (typeof heard.all)[number]): boolean =>
    heard.all.indexOf(message) >= before && message.level === 'error'
  await end.setLogLevel('info')
  await call(end, 'murmur')
  await heard.first(isLast)
  expect(heard.all.slice(before)).toEqual(
    ['info', 'error'].map(level => ({ level, data: { said: level }, logger: 'murmurer' })),
  )
  await end.setLogLevel('debug')
  const more = heard.next(({ level }) => level === 'debug')
  const last = heard.next(({ level }) => level === 'error')
  await call(end, 'murmur')
  await Promise.all([more, last])
  await end.setLogLevel('info')
}

const cancel: Run = async ({ end }) => {
  const stop = new AbortController()
  const word = fresh()
  const gone = call(end, 'wait', { word }, { signal: stop.signal, onProgress: () => stop.abort(new Error('enough')) })
  await expect(gone).rejects.toThrow('enough')
  expect((await call(end, 'until', { word })).isError).not.toBe(true)
}

/** The host learns that its answer is not needed any more. */
const cancelAsked: Run = async ({ end }) => {
  const stop = new AbortController()
  let release = (): void => {}
  end.host.answers.sample = () =>
    new Promise((_, reject) => {
      release = () => reject(new Error('not answered'))
    })
  const asked = end.host.asked.next(({ method }) => method === 'sampling/createMessage')
  const stopped = call(end, 'ask', { what: 'sample' }, { signal: stop.signal })
  const { signal } = await asked
  stop.abort(new Error('enough'))
  await expect(stopped).rejects.toThrow('enough')
  if (!signal.aborted) await once(signal, 'abort')
  release()
}

/** The `_meta` that the server got with a call. */
export async function heard({ end }: Cell, meta: Record<string, unknown>): Promise<Record<string, unknown>> {
  const result = await call(end, 'echo', { words: 'x' }, {}, { _meta: meta })
  return (result._meta?.['example.com/heard'] ?? {}) as Record<string, unknown>
}

const unknownMembers: Run = async ({ end }) => {
  const _meta = { 'example.com/cost': { deep: [1, null] } }
  const result = await call(end, 'params', { also: 'unheard' }, {}, { unheard: ['of'], _meta })
  expect(JSON.parse(textOf(result))).toMatchObject({
    name: 'params',
    arguments: { also: 'unheard' },
    unheard: ['of'],
    _meta,
  })
  expect(await call(end, 'echo', { words: 'x' })).toMatchObject({ 'x-extra': { deep: [1, null] } })
}

const trace: Run = async cell => {
  const context = {
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    tracestate: 'a=b',
    baggage: 'c=d',
  }
  expect(await heard(cell, context)).toMatchObject(context)
}

export const callRuns = {
  'calls of tools': calls,
  'errors of tools': async ({ end }) => {
    const { content, isError } = await call(end, 'fail')
    expect({ content, isError }).toEqual({ content: [{ type: 'text', text: 'it cannot be done' }], isError: true })
  },
  'errors of the protocol, with code and data': errors,
  'a resource that does not exist': notFound,
  progress: progress,
  'log messages, at the level that is wanted': logs,
  'cancellation by the client': cancel,
  'cancellation by the client, while it is being asked': cancelAsked,
  'members that nobody knows, of requests and of `_meta`': unknownMembers,
  'trace context in `_meta`': trace,
} satisfies Readonly<Record<string, Run>>
