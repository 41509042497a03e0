import { legacy, metaKey, newest, type Revision } from '@interlock/protocol'
import { expect, test } from 'vitest'
import type { Client } from './client.ts'
import { type ConnectOptions, connect } from './connect.ts'
import { legacyScript, modernScript, type Script, Scripted, toolResult } from './testing/scripted.ts'
import { traceMeta } from './trace.ts'

const traceparent = '00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-01'

const done: Script = asked => asked.reply({ resultType: 'complete', ...toolResult })

async function join(revision: Revision, options: ConnectOptions): Promise<{ client: Client; peer: Scripted }> {
  const script = revision === newest ? modernScript(done) : legacyScript(done, revision.version)
  const peer = new Scripted('http', script)
  return { client: await connect(peer, options), peer }
}

const revisions = [...legacy, newest].map(revision => [revision.version, revision] as const)

test.each(revisions)('%s: each call carries the trace context that is current then', async (_, revision) => {
  let span = 0
  const trace = (): object => {
    span += 1
    return {
      traceparent: `00-0af7651916cd43dd8448eb211c80319c-000000000000000${span}-01`,
      tracestate: 'a=1',
      baggage: 'k=v',
    }
  }
  const { client, peer } = await join(revision, { trace })
  await client.callTool('one')
  await client.callTool('two')
  const metas = peer.asked.filter(({ method }) => method === 'tools/call').map(({ params }) => params._meta)
  expect(metas).toMatchObject([
    { traceparent: '00-0af7651916cd43dd8448eb211c80319c-0000000000000001-01', tracestate: 'a=1', baggage: 'k=v' },
    { traceparent: '00-0af7651916cd43dd8448eb211c80319c-0000000000000002-01', tracestate: 'a=1', baggage: 'k=v' },
  ])
})

test.each(revisions)(
  "%s: a call's own metadata goes along, and says who sends it as little as ever",
  async (_, revision) => {
    const { client, peer } = await join(revision, { trace: () => ({ traceparent, baggage: 'k=v' }) })
    const meta = {
      'example.com/tenant': 'b',
      baggage: 'k=w',
      [metaKey.protocolVersion]: '1900-01-01',
      progressToken: 'x',
    }
    await client.callTool('one', {}, { meta })
    const sent = (await peer.request('tools/call')).params._meta
    expect(sent).toMatchObject({ 'example.com/tenant': 'b', traceparent, baggage: 'k=w' })
    expect(sent?.['progressToken']).not.toBe('x')
    expect(sent?.[metaKey.protocolVersion]).toBe(revision === newest ? newest.version : undefined)
  },
)

test.each([
  ['a state without its parent', { tracestate: 'a=1' }, {}, []],
  ['no trace', undefined, {}, []],
  ['baggage alone', { baggage: 'k=v' }, { baggage: 'k=v' }, []],
  [
    'another version',
    { traceparent: `cc${traceparent.slice(2)}-x` },
    { traceparent: `cc${traceparent.slice(2)}-x` },
    [],
  ],
  ['no parent', { traceparent: 'x', tracestate: 'a=1' }, {}, ['a "traceparent" that is none was not sent']],
  [
    'zeros',
    { traceparent: `00-${'0'.repeat(32)}-00f067aa0ba902b7-01` },
    {},
    ['a "traceparent" that is none was not sent'],
  ],
  ['a line break', { traceparent, baggage: 'a\nb' }, { traceparent }, []],
])('what is sent of %s', (_, context, expected, said) => {
  const warnings: string[] = []
  expect(
    traceMeta(
      () => context,
      warning => warnings.push(warning),
    ),
  ).toEqual(expected)
  expect(warnings).toEqual(said)
})

test('a trace that cannot be had fails no call', async () => {
  const warnings: string[] = []
  const trace = (): never => {
    throw new Error('no span')
  }
  const { client } = await join(newest, { trace, onWarning: warning => warnings.push(warning) })
  expect(await client.callTool('one')).toEqual(toolResult)
  expect(warnings).toEqual(['the current trace context cannot be had: Error: no span'])
})
