import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Revision, revisions } from '@interlock/protocol'
import { expect, test } from 'vitest'
import type { Client } from './client.ts'
import { type ConnectOptions, connect } from './connect.ts'
import { OutputMismatch } from './output-schemas.ts'
import { legacyScript, modernScript, type Script, Scripted } from './testing/scripted.ts'

const weather = {
  type: 'object',
  properties: { temperature: { type: 'number' }, city: { type: 'string' } },
  required: ['temperature'],
}

interface Joined {
  readonly client: Client
  readonly peer: Scripted
  readonly warnings: string[]
  /** What the tool answers from now on. */
  answer: object
  /** What the list says of the tool from now on. */
  outputSchema: unknown
}

/** A client of a server with one tool, "w". */
async function join(revision: Revision, outputSchema: unknown, options: ConnectOptions = {}): Promise<Joined> {
  const isModern = revision.features.era === 'modern'
  const wrap = (result: object): object =>
    isModern ? { resultType: 'complete', ttlMs: 0, cacheScope: 'private', ...result } : result
  const script: Script = ({ method, reply }) => {
    const { outputSchema: output } = joined
    if (method === 'tools/list') {
      reply(
        wrap({
          tools: [
            { name: 'w', inputSchema: { type: 'object' }, ...(output !== undefined && { outputSchema: output }) },
          ],
        }),
      )
    } else reply(wrap(joined.answer))
  }
  const warnings: string[] = []
  const peer = new Scripted('stdio', isModern ? modernScript(script) : legacyScript(script, revision.version))
  const client = await connect(peer, { onWarning: warning => warnings.push(warning), ...options })
  const joined: Joined = { client, peer, warnings, answer: {}, outputSchema }
  return joined
}

const result = (structuredContent?: unknown, more: object = {}): object => ({
  content: [{ type: 'text', text: 'see below' }],
  ...(structuredContent === undefined ? {} : { structuredContent }),
  ...more,
})

const checking = revisions.filter(({ features }) => features.structuredContent !== 'none')

test.each(checking.map(revision => [revision.version, revision] as const))(
  '%s: a tool that was listed is held to its outputSchema',
  async (_, revision) => {
    const joined = await join(revision, weather)
    await joined.client.listTools()
    joined.answer = result({ temperature: 21, more: true })
    expect(await joined.client.callTool('w')).toEqual(joined.answer)

    joined.answer = result({ temperature: 'mild' })
    const error: unknown = await joined.client.callTool('w').catch(thrown => thrown)
    expect(error).toBeInstanceOf(OutputMismatch)
    expect(error).toMatchObject({
      code: -32603,
      tool: 'w',
      result: joined.answer,
      message:
        'the server on stdio answered tools/call of "w" against its outputSchema: structuredContent.temperature must be a number, not a string',
    })

    joined.answer = result()
    await expect(joined.client.callTool('w')).rejects.toThrow(
      'answered tools/call of "w" without structuredContent, which its outputSchema promises',
    )
    joined.answer = result(undefined, { isError: true })
    expect(await joined.client.callTool('w')).toEqual(joined.answer)
    expect(joined.warnings).toEqual([])
  },
)

test.each(revisions.filter(one => !checking.includes(one)).map(one => [one.version, one] as const))(
  '%s: knows no outputSchema, so none is checked',
  async (_, revision) => {
    const joined = await join(revision, weather)
    await joined.client.listTools()
    joined.answer = result({ temperature: 'mild' })
    expect(await joined.client.callTool('w')).toEqual(joined.answer)
  },
)

const [newest] = checking as [Revision, ...Revision[]]

test.each(
  checking.filter(({ features }) => features.structuredContent === 'any').map(one => [one.version, one] as const),
)('%s: any JSON value may be promised', async (_, revision) => {
  const joined = await join(revision, { type: ['array', 'null'], items: { type: 'integer' } })
  await joined.client.listTools()
  for (const value of [[1, 2], null]) {
    joined.answer = result(value)
    expect(await joined.client.callTool('w')).toEqual(joined.answer)
  }
  joined.answer = result([1, 'b'])
  await expect(joined.client.callTool('w')).rejects.toThrow('structuredContent[1] must be an integer, not a string')
})

test('nothing is known of a tool that was not listed, that promises nothing, or that may have changed', async () => {
  const joined = await join(newest, weather)
  joined.answer = result({ temperature: 'mild' })
  await joined.client.callTool('w')
  await joined.client.listTools()
  await expect(joined.client.callTool('w')).rejects.toBeInstanceOf(OutputMismatch)
  joined.outputSchema = undefined
  await joined.client.listTools()
  await joined.client.callTool('w')
})

test('a list that has changed is not held against the tools', async () => {
  const joined = await join(checking.find(({ features }) => features.era === 'legacy') ?? newest, weather)
  joined.answer = result({ temperature: 'mild' })
  await joined.client.listTools()
  joined.peer.tell({ jsonrpc: '2.0', method: 'notifications/tools/list_changed' })
  expect(await joined.client.callTool('w')).toEqual(joined.answer)
})

test('the check can be left to the host', async () => {
  const joined = await join(newest, weather, { checkOutput: false })
  await joined.client.listTools()
  joined.answer = result({ temperature: 'mild' })
  expect(await joined.client.callTool('w')).toEqual(joined.answer)
})

test('a check that would take too long is not made, and warned of once', async () => {
  const joined = await join(newest, { properties: { text: { pattern: '^(a+)+$' } } })
  await joined.client.listTools()
  joined.answer = result({ text: `${'a'.repeat(100_000)}!` })
  expect(await joined.client.callTool('w')).toEqual(joined.answer)
  expect(await joined.client.callTool('w')).toEqual(joined.answer)
  expect(joined.warnings).toEqual([
    'the server on stdio answered tools/call of "w" unchecked against its outputSchema: checking takes more than 150000 steps',
  ])
})

test('a reference to the network is never fetched, and does not pass for a schema that allows everything', async () => {
  let requests = 0
  const http = createServer((_, response) => {
    requests += 1
    response.end('{}')
  }).listen(0, '127.0.0.1')
  await once(http, 'listening')
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/schema.json`
  for (const outputSchema of [
    { $ref: url },
    { $schema: url },
    { $id: url, properties: { a: { $ref: 'other.json' } } },
  ]) {
    const joined = await join(newest, outputSchema)
    await joined.client.listTools()
    joined.answer = result({ a: 1 })
    await expect(joined.client.callTool('w')).rejects.toThrow(/under an outputSchema that nobody can use: it/)
  }
  http.close()
  await once(http, 'close')
  expect(requests).toBe(0)
})

test('whatever a server writes into its schemas, its result comes, with a warning', async () => {
  const doubling = Object.fromEntries(
    Array.from({ length: 41 }, (_, at) => [
      at,
      at === 40 ? { type: 'number' } : { anyOf: [{ $ref: `#/$defs/${at + 1}` }, { $ref: `#/$defs/${at + 1}` }] },
    ]),
  )
  const hostile = [
    { properties: { a: { pattern: '^(a+)+$' } } },
    { properties: { a: { $ref: '#/$defs/0' } }, $defs: doubling },
    { patternProperties: { '(a|a)*b': {} }, properties: { b: { uniqueItems: true } } },
    { $ref: '#' },
  ]
  for (const outputSchema of hostile) {
    const joined = await join(newest, outputSchema)
    await joined.client.listTools()
    joined.answer = result({ a: `${'a'.repeat(100_000)}!`, b: Array.from({ length: 100_000 }, (_, at) => at) })
    expect(await joined.client.callTool('w')).toEqual(joined.answer)
    expect(joined.warnings).toHaveLength(1)
  }
})
