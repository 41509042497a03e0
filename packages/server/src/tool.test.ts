import { type CallToolResult, revisions } from '@interlock/protocol'
import { toStandardJsonSchema } from '@valibot/to-json-schema'
import { type } from 'arktype'
import * as v from 'valibot'
import { afterEach, beforeEach, expect, expectTypeOf, test, vi } from 'vitest'
import { z } from 'zod'
import { audio, embed, image, link, type StandardSchema, server, text, tool } from './index.ts'
import { peer } from './testing/peer.ts'

const info = { name: 'tools', version: '1.0.0' }
const newest = revisions[0]
const versions = revisions.map(revision => [revision.version, revision] as const)
const structured = versions.filter(([, { features }]) => features.structuredContent !== 'none')

// What goes wrong on purpose need not be read.
beforeEach(() => void vi.spyOn(console, 'error').mockImplementation(() => {}))
afterEach(() => void vi.restoreAllMocks())

/** What a client of a revision gets from a tool that returns `value`. */
async function returned(value: unknown, revision = newest) {
  await using client = await peer(server({ ...info, tools: [tool('give', {}, () => value)] }), revision)
  const { content, structuredContent, isError } = await client.tool('give')
  return { content, structuredContent, isError }
}

test.each([
  ['a text', 'hello', [text('hello')]],
  ['a number', 42, [text('42')]],
  ['a bigint', 42n, [text('42')]],
  ['true', true, [text('true')]],
  ['nothing', undefined, []],
  ['null', null, []],
  ['a block', image('AAAA', 'image/png'), [image('AAAA', 'image/png')]],
  ['bytes of a block', image(Uint8Array.of(0, 0, 0), 'image/png'), [image('AAAA', 'image/png')]],
  ['blocks', [text('a'), text('b')], [text('a'), text('b')]],
  ['a link', link('file:///a', 'a'), [{ type: 'resource_link', uri: 'file:///a', name: 'a' }]],
  ['an embedded resource', embed('x:a', 'hi'), [{ type: 'resource', resource: { uri: 'x:a', text: 'hi' } }]],
])('a tool may return %s', async (_, value, content) => {
  expect(await returned(value)).toEqual({ content, structuredContent: undefined, isError: undefined })
})

test.each([
  ['an object', { a: 1 }],
  ['a list', [1, 2]],
  ['an empty list', []],
])('a tool may return %s, which is structured content', async (_, value) => {
  expect(await returned(value)).toMatchObject({ content: [text(JSON.stringify(value))], structuredContent: value })
})

test('a tool may return a whole result', async () => {
  const result: CallToolResult = { content: [text('no')], isError: true, _meta: { 'example.com/why': 'because' } }
  await using client = await peer(server({ ...info, tools: [tool('give', {}, () => result)] }), newest)
  expect(await client.tool('give')).toMatchObject({ ...result, resultType: 'complete' })
})

test('a value that is no JSON is an error of the tool', async () => {
  const circular: Record<string, unknown> = {}
  circular['self'] = circular
  expect((await returned(circular)).isError).toBe(true)
})

test.each(versions)('%s: a whole result that is no JSON is answered with an error', async (_, revision) => {
  await using client = await peer(
    server({ ...info, tools: [tool('give', {}, () => ({ content: [], structuredContent: { n: 1n } }))] }),
    revision,
  )
  await expect(client.tool('give')).rejects.toMatchObject({ code: -32603, message: 'Internal error' })
})

test.each(structured)('%s: structured content has a form that the revision can carry', async (_, revision) => {
  const expected = revision.features.structuredContent === 'any' ? [1, 2] : { result: [1, 2] }
  expect(await returned([1, 2], revision)).toMatchObject({ content: [text('[1,2]')], structuredContent: expected })
})

test.each(versions)('%s: content that the revision cannot carry comes as text', async (_, revision) => {
  const { content } = await returned([audio('AAAA', 'audio/wav'), link('file:///a', 'a')], revision)
  const { features } = revision
  const types = [features.audio ? 'audio' : 'text', features.resourceLinks ? 'resource_link' : 'text']
  expect(content).toMatchObject(types.map(type => ({ type })))
})

const plain: StandardSchema<{ city: string }> = {
  '~standard': {
    version: 1,
    vendor: 'example',
    validate: value => {
      const { city } = value as { city?: unknown }
      return typeof city === 'string' ? { value: { city } } : { issues: [{ message: 'a text', path: ['city'] }] }
    },
    jsonSchema: {
      input: () => ({ type: 'object', properties: { city: { type: 'string' } }, required: ['city'] }),
      output: () => ({ type: 'object' }),
    },
  },
}

const libraries = [
  ['zod', z.object({ city: z.string() })],
  ['valibot', toStandardJsonSchema(v.object({ city: v.string() }))],
  ['arktype', type({ city: 'string' })],
  ['plain', plain],
] as const

test.each(libraries)('%s describes and checks arguments', async (_, input) => {
  const weather = tool('weather', { input }, ({ city }) => `${city.toUpperCase()}!`)
  await using client = await peer(server({ ...info, tools: [weather] }), newest)
  expect(weather.tool.inputSchema).toMatchObject({
    type: 'object',
    properties: { city: { type: 'string' } },
    required: ['city'],
  })
  expect(await client.tool('weather', { city: 'Oslo' })).toMatchObject({ content: [text('OSLO!')] })
  const refused = await client.tool('weather', { city: 7 })
  expect(refused).toMatchObject({ isError: true })
  expect(JSON.stringify(refused['content'])).toContain('city')
})

test('types of arguments and results follow from the schemas', () => {
  const point = z.object({ x: z.number() })
  tool('a', { input: z.object({ city: z.string(), days: z.number().optional() }) }, args => {
    expectTypeOf(args).toEqualTypeOf<{ city: string; days?: number | undefined }>()
  })
  tool('b', { input: toStandardJsonSchema(v.object({ city: v.string() })) }, args => {
    expectTypeOf(args).toEqualTypeOf<{ city: string }>()
  })
  tool('c', {}, args => expectTypeOf(args).toEqualTypeOf<Readonly<Record<string, unknown>>>())
  tool('d', { output: point }, () => ({ x: 1 }))
  // @ts-expect-error what is returned must fit the output
  tool('e', { output: point }, () => ({ x: 'one' }))
  tool('f', { input: type({ at: 'number' }) }, async ({ at }, ctx) => {
    expectTypeOf(at).toEqualTypeOf<number>()
    expectTypeOf(ctx.signal).toEqualTypeOf<AbortSignal>()
    const answer = await ctx.elicit({ message: 'when', schema: z.object({ day: z.string() }) })
    if (answer.action === 'accept') expectTypeOf(answer.content).toEqualTypeOf<{ day: string }>()
  })
})

test.each(versions)('%s: invalid arguments are told to the model, each place by name', async (_, revision) => {
  const input = z.object({ city: z.string(), when: z.object({ days: z.number() }) })
  await using client = await peer(server({ ...info, tools: [tool('weather', { input }, () => 'sun')] }), revision)
  const { isError, content } = await client.tool('weather', { when: { days: 'two' } })
  expect(isError).toBe(true)
  expect(content).toEqual([
    text(expect.stringMatching(/^Invalid arguments for tool "weather":\ncity: .+\nwhen\.days: /)),
  ])
})

test.each(versions)('%s: an unknown tool is a protocol error with the nearest name', async (_, revision) => {
  await using client = await peer(server({ ...info, tools: [tool('weather', {}, () => 'sun')] }), revision)
  await expect(client.tool('wether')).rejects.toMatchObject({
    code: -32602,
    message: 'Unknown tool: wether',
    data: { didYouMean: 'weather' },
  })
})

const area = z.object({ square: z.number(), unit: z.string().default('m') })

test('a result is checked and completed by its schema', async () => {
  const measure = tool('measure', { output: area }, () => ({ square: 4 }))
  await using client = await peer(server({ ...info, tools: [measure] }), newest)
  expect(measure.tool.outputSchema).toMatchObject({ type: 'object', required: ['square', 'unit'] })
  expect(await client.tool('measure')).toMatchObject({
    structuredContent: { square: 4, unit: 'm' },
    content: [text('{"square":4,"unit":"m"}')],
  })
})

test('an output that looks like a result is still an output', async () => {
  const output = z.object({ content: z.array(z.string()) })
  await using client = await peer(
    server({ ...info, tools: [tool('list', { output }, () => ({ content: [] }))] }),
    newest,
  )
  expect(await client.tool('list')).toMatchObject({ structuredContent: { content: [] } })
})

test('a whole result of a tool with an output keeps the text of its author', async () => {
  const result = { content: [text('four')], structuredContent: { square: 4 } }
  await using client = await peer(server({ ...info, tools: [tool('m', { output: area }, () => result)] }), newest)
  expect(await client.tool('m')).toMatchObject({ content: [text('four')], structuredContent: { square: 4, unit: 'm' } })
})

test('wrong definitions throw where they are made', () => {
  const give = tool('give', {}, () => 1)
  const noSchema = { '~standard': { version: 1, vendor: 'valibot', validate: () => ({ value: {} }) } } as const
  expect(() => tool('no spaces', {}, () => 1)).toThrow(TypeError)
  expect(() => tool('', {}, () => 1)).toThrow(TypeError)
  expect(() => tool('x', {}, undefined as never)).toThrow('tool "x" needs a function')
  expect(() => tool('x', { input: z.string() }, () => 1)).toThrow('must be the schema of an object')
  expect(() => tool('x', { input: z.object({ d: z.date() }) }, () => 1)).toThrow(TypeError)
  expect(() => tool('x', { input: noSchema }, () => 1)).toThrow('toStandardJsonSchema')
  expect(() => tool('x', { input: { type: 'object' } as never }, () => 1)).toThrow('jsonSchema(')
  expect(() => server({ ...info, tools: [give, give] })).toThrow('there is already one of tools called "give"')
  expect(() => server({ name: 'x' } as never)).toThrow('a server needs a version')
})
