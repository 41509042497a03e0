import { code, type ElicitRequestParams, type ElicitResult, legacy, newest, ProtocolError } from '@interlock/protocol'
import { expect, test } from 'vitest'
import type { Client } from './client.ts'
import { type ConnectOptions, connect } from './connect.ts'
import { clientLimits } from './limits.ts'
import { type Asked, legacyScript, modernScript, Scripted, toolResult } from './testing/scripted.ts'

/** The revisions that have the error: those with sessions in which a user can be sent to a page. */
const having = legacy.filter(({ features }) => features.elicitation === 'form+url')
const lacking = [...legacy, newest].filter(revision => !having.includes(revision))
const versions = having.map(({ version }) => version)

const page = (elicitationId: string): object => ({
  mode: 'url',
  elicitationId,
  url: `https://login.example/connect?id=${elicitationId}&next=%2Fa#b`,
  message: 'Connect your account',
})
const wants = (asked: Asked, ...ids: string[]): void =>
  asked.fail(code.urlElicitationRequired, 'Not connected', { elicitations: ids.map(page) })
const done = (elicitationId: string) =>
  ({ jsonrpc: '2.0', method: 'notifications/elicitation/complete', params: { elicitationId } }) as const

const accept = (): ElicitResult => ({ action: 'accept' })

interface Joined {
  readonly client: Client
  readonly peer: Scripted
  readonly shown: ElicitRequestParams[]
  readonly calls: () => number
}

/** Joined to a server whose calls fail as the script says, one after the other, and then succeed. */
async function join(
  version: string,
  script: readonly ((asked: Asked) => void)[],
  options: ConnectOptions & { readonly answer?: () => ElicitResult | Promise<ElicitResult> } = {},
): Promise<Joined> {
  const { answer = accept, ...rest } = options
  const shown: ElicitRequestParams[] = []
  let called = 0
  const answering = (asked: Asked): void => {
    const refuse = script[called]
    called += 1
    if (refuse === undefined) asked.reply(toolResult)
    else refuse(asked)
  }
  const peer = new Scripted(
    'memory',
    version === newest.version ? modernScript(answering) : legacyScript(answering, version),
  )
  const onElicit = (params: ElicitRequestParams): ElicitResult | Promise<ElicitResult> => {
    shown.push(params)
    return answer()
  }
  const client = await connect(peer, { onElicit, elicitUrl: true, ...rest })
  return { client, peer, shown, calls: () => called }
}

test.each(versions)(
  '%s: the user is asked for each page, and the call is made again when all are done',
  async version => {
    const heard: string[] = []
    const { client, peer, shown, calls } = await join(version, [asked => wants(asked, 'one', 'two')], {
      onPageDone: id => heard.push(id),
    })
    const result = client.callTool('pay')
    await expect.poll(() => shown.length).toBe(2)
    expect(shown).toEqual([page('one'), page('two')])
    peer.tell(done('unknown'))
    peer.tell(done('one'))
    peer.tell(done('one'))
    await new Promise(resolve => setImmediate(resolve))
    expect(calls()).toBe(1)
    peer.tell(done('two'))
    expect(await result).toEqual(toolResult)
    expect(calls()).toBe(2)
    expect(heard).toEqual(['one', 'two'])
  },
)

test.each(versions)('%s: a page may be done before the user has answered', async version => {
  const { client, peer, calls } = await join(version, [asked => wants(asked, 'one')], {
    answer: () => {
      peer.tell(done('one'))
      return accept()
    },
  })
  expect(await client.callTool('pay')).toEqual(toolResult)
  expect(calls()).toBe(2)
})

test.each(versions)('%s: the user may say themselves that they are done', async version => {
  const { client, shown } = await join(version, [asked => wants(asked, 'one')])
  const result = client.callTool('pay')
  await expect.poll(() => shown.length).toBe(1)
  await new Promise(resolve => setImmediate(resolve))
  client.pageDone('one')
  expect(await result).toEqual(toolResult)
})

test.each(versions)(
  '%s: without a word of the server the call is made again after a while, and once',
  async version => {
    const both = [(asked: Asked) => wants(asked, 'one'), (asked: Asked) => wants(asked, 'one')]
    const { client, shown, calls } = await join(version, both, { pageMs: 0 })
    const error = await client.callTool('pay').catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ name: 'UrlElicitationRequired', outcome: 'not_done', elicitations: [page('one')] })
    expect(calls()).toBe(2)
    expect(shown).toHaveLength(1)
  },
)

test.each(versions)('%s: another page may be wanted after the first, but not without end', async version => {
  const two = [(asked: Asked) => wants(asked, 'one'), (asked: Asked) => wants(asked, 'two')]
  const some = await join(version, two, { pageMs: 0 })
  expect(await some.client.callTool('pay')).toEqual(toolResult)
  const many = Array.from({ length: 50 }, (_, index) => (asked: Asked) => wants(asked, `p${index}`))
  const endless = await join(version, many, { pageMs: 0 })
  await expect(endless.client.callTool('pay')).rejects.toMatchObject({ outcome: 'not_done' })
  expect(endless.shown).toHaveLength(clientLimits.pagesAtOnce)
})

test.each(
  versions.flatMap(version => [[version, 'decline', 'declined'] as const, [version, 'cancel', 'cancelled'] as const]),
)(
  '%s: a user who answers "%s" is not asked for more, and nothing is called again',
  async (version, action, outcome) => {
    const { client, shown, calls } = await join(version, [asked => wants(asked, 'one', 'two')], {
      answer: () => ({ action }),
    })
    await expect(client.callTool('pay')).rejects.toMatchObject({
      code: code.urlElicitationRequired,
      outcome,
      elicitations: [page('one'), page('two')],
      data: { elicitations: [page('one'), page('two')] },
    })
    expect([shown.length, calls()]).toEqual([1, 1])
  },
)

test.each(versions)(
  '%s: a client that cannot send its user to a page hands over where they would have to go',
  async version => {
    const { client, shown } = await join(version, [asked => wants(asked, 'one')], { elicitUrl: false })
    await expect(client.callTool('pay')).rejects.toMatchObject({
      outcome: 'not_asked',
      elicitations: [page('one')],
      message: expect.stringContaining('; open https://'),
    })
    expect(shown).toEqual([])
  },
)

test.each(versions)('%s: whoever cancels the call does not wait for the page', async version => {
  const { client, shown, calls } = await join(version, [asked => wants(asked, 'one')])
  const stop = new AbortController()
  const result = client.callTool('pay', {}, { signal: stop.signal })
  result.catch(() => {})
  await expect.poll(() => shown.length).toBe(1)
  stop.abort(new Error('enough'))
  await expect(result).rejects.toThrow('enough')
  expect(calls()).toBe(1)
})

test.each(
  versions.flatMap(version =>
    [
      undefined,
      { elicitations: [] },
      { elicitations: [{ ...page('one'), mode: 'form' }] },
      { elicitations: [{ mode: 'url', message: 'm', url: 'https://x.example' }] },
      { elicitations: Array.from({ length: 11 }, (_, index) => page(`${index}`)) },
    ].map(data => [version, data] as const),
  ),
)('%s: the error is no more than that when it breaks the specification (%#)', async (version, data) => {
  const { client, shown } = await join(version, [asked => asked.fail(code.urlElicitationRequired, 'no', data)])
  const error = await client.callTool('pay').catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(ProtocolError)
  expect(error).toMatchObject({ name: 'ProtocolError', code: code.urlElicitationRequired })
  expect(shown).toEqual([])
})

test.each(lacking.map(({ version }) => version))('%s has no such error', async version => {
  const { client, shown } = await join(version, [asked => wants(asked, 'one')])
  await expect(client.callTool('pay')).rejects.toMatchObject({
    name: 'ProtocolError',
    code: code.urlElicitationRequired,
  })
  expect(shown).toEqual([])
})

test.each(versions)('%s: the page of a question that was asked live is told of as well, once', async version => {
  const heard: string[] = []
  const { peer, shown } = await join(version, [], { onPageDone: id => heard.push(id) })
  peer.tell({ jsonrpc: '2.0', id: 7, method: 'elicitation/create', params: { ...page('live') } })
  await peer.response(7)
  expect(shown).toEqual([page('live')])
  for (const id of ['live', 'live', 'other']) peer.tell(done(id))
  expect(heard).toEqual(['live'])
})
