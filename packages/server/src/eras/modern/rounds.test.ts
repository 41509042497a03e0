import { newest, type Params, type Principal } from '@interlock/protocol'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { type InteractiveContext, server, text, tool } from '../../index.ts'
import { type Peer, type PeerOptions, peer } from '../../testing/peer.ts'

const key = new Uint8Array(32).fill(7)
const info = { name: 'rounds', version: '1.0.0', seal: [key] }
const schema = z.object({ day: z.string() })
const day = { action: 'accept', content: { day: 'Monday' } }
const alice: Principal = { subject: 'alice', scopes: [] }

const ask = async (_: unknown, ctx: InteractiveContext, message = 'which day'): Promise<string> => {
  const answer = await ctx.elicit('day', { message, schema })
  return answer.action === 'accept' ? answer.content.day : answer.action
}
const book = tool('book', { input: z.object({ hotel: z.string().optional() }) }, (args, ctx) => ask(args, ctx))

const connect = (options: PeerOptions = {}, more: object = {}): Promise<Peer> =>
  peer(server({ ...info, tools: [book, tool('cancel', {}, (args, ctx) => ask(args, ctx))], ...more }), newest, options)

const args: Params = { name: 'book', arguments: { hotel: 'Ritz' } }
const invalid = { code: -32602, message: 'Invalid or expired requestState: call again without it' }

/** The state that a first round gives. */
async function stateOf(client: Peer, params: Params = args): Promise<string> {
  return String((await client.once('tools/call', params))['requestState'])
}

const retry = (requestState: string, params: Params = args): Params => ({
  ...params,
  inputResponses: { day },
  requestState,
})

test('a first round says what it asks and seals what it knows', async () => {
  await using client = await connect()
  const result = await client.once('tools/call', args)
  expect(result).toMatchObject({
    resultType: 'input_required',
    inputRequests: { day: { method: 'elicitation/create', params: { mode: 'form', message: 'which day' } } },
    requestState: expect.stringMatching(/^[\w-]+$/),
  })
  expect(await client.once('tools/call', retry(String(result['requestState'])))).toMatchObject({
    resultType: 'complete',
    content: [text('Monday')],
  })
})

test('any server with the key ring can serve any round', async () => {
  await using first = await connect()
  await using second = await connect({}, { seal: [new Uint8Array(32).fill(1), key] })
  expect(await second.once('tools/call', retry(await stateOf(first)))).toMatchObject({ content: [text('Monday')] })
})

test('arguments may come in another order', async () => {
  const two = { name: 'cancel', arguments: { a: 1, b: { c: 2, d: 3 } } }
  const turned = { arguments: { b: { d: 3, c: 2 }, a: 1 }, name: 'cancel' }
  await using client = await connect()
  expect(await client.once('tools/call', retry(await stateOf(client, two), turned))).toMatchObject({
    content: [text('Monday')],
  })
})

test.each([
  ['made up', () => 'AAAA'],
  ['empty', () => ''],
  ['no base64', () => 'ä{}'],
  ['cut', (state: string) => state.slice(0, -4)],
  ['longer', (state: string) => `${state}x`],
  ['changed at its start', (state: string) => `${state.startsWith('A') ? 'B' : 'A'}${state.slice(1)}`],
  ['changed in its last character', (state: string) => state.slice(0, -1) + other(state.at(-1) ?? '')],
  ['written in another way', (state: string) => `${state}=`],
  ['huge', () => 'A'.repeat(200_000)],
])('state that is %s is refused', async (_, forge) => {
  await using client = await connect()
  const state = await stateOf(client)
  await expect(client.once('tools/call', retry(forge(state)))).rejects.toMatchObject(invalid)
})

/** The next letter of the alphabet of Base64. */
function other(letter: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  return alphabet.charAt((alphabet.indexOf(letter) + 1) % alphabet.length)
}

test.each([
  ['another tool', { name: 'cancel', arguments: { hotel: 'Ritz' } }],
  ['other arguments', { name: 'book', arguments: { hotel: 'Plaza' } }],
  ['no arguments', { name: 'book' }],
])('state of %s is refused', async (_, params) => {
  await using client = await connect()
  const state = await stateOf(client, params)
  await expect(client.once('tools/call', retry(state))).rejects.toMatchObject(invalid)
})

test('state of another principal is refused', async () => {
  await using hers = await connect({ principal: alice })
  const state = await stateOf(hers)
  await using his = await connect({ principal: { ...alice, subject: 'bob' } })
  await using nobodys = await connect()
  await expect(his.once('tools/call', retry(state))).rejects.toMatchObject(invalid)
  await expect(nobodys.once('tools/call', retry(state))).rejects.toMatchObject(invalid)
  expect(await hers.once('tools/call', retry(state))).toMatchObject({ resultType: 'complete' })
})

test('state of a server with another key is refused', async () => {
  await using client = await connect()
  await using stranger = await connect({}, { seal: [new Uint8Array(32)] })
  await expect(client.once('tools/call', retry(await stateOf(stranger)))).rejects.toMatchObject(invalid)
})

test('state of another version of the server asks again from the start', async () => {
  await using old = await connect({}, { version: '0.9.0' })
  await using client = await connect()
  expect(await client.once('tools/call', retry(await stateOf(old)))).toMatchObject({ resultType: 'input_required' })
})

test('state that has expired is refused', async () => {
  await using client = await connect({}, { limits: { answerMs: -1 } })
  await expect(client.once('tools/call', retry(await stateOf(client)))).rejects.toMatchObject(invalid)
})

test.each([
  ['no answer', {}],
  ['an answer to something else', { night: day }],
  ['an answer that is none', { day: null }],
  ['an answer that nobody can give', { day: 'Monday' }],
])('%s: the question is asked again', async (_, inputResponses) => {
  await using client = await connect()
  const again = await client.once('tools/call', { ...retry(await stateOf(client)), inputResponses })
  expect(again).toMatchObject({ resultType: 'input_required', inputRequests: { day: {} } })
  expect(await client.once('tools/call', retry(String(again['requestState'])))).toMatchObject({
    content: [text('Monday')],
  })
})

test('an answer that was never asked for counts for nothing', async () => {
  await using client = await connect()
  expect(await client.once('tools/call', { ...args, inputResponses: { day } })).toMatchObject({
    resultType: 'input_required',
  })
})

test('what is no answer is ignored beside one that is', async () => {
  await using client = await connect()
  const inputResponses = { day, strange: { unexpected: true }, text: 'x' }
  const result = await client.once('tools/call', { ...retry(await stateOf(client)), inputResponses })
  expect(result).toMatchObject({ content: [text('Monday')] })
})

test('answers to unknown questions are ignored', async () => {
  await using client = await connect()
  const inputResponses = JSON.parse(JSON.stringify({ day, night: day }).replace('night', '__proto__')) as object
  const result = await client.once('tools/call', { ...retry(await stateOf(client)), inputResponses })
  expect(result).toMatchObject({ content: [text('Monday')] })
})

test.each([null, 'day', [day]])('inputResponses %j are refused', async responses => {
  await using client = await connect()
  const params = { ...retry(await stateOf(client)), inputResponses: responses }
  await expect(client.once('tools/call', params)).rejects.toMatchObject({ code: -32602 })
})

test('an answer of another kind is refused', async () => {
  await using client = await connect()
  const params = { ...retry(await stateOf(client)), inputResponses: { day: { roots: [] } } }
  await expect(client.once('tools/call', params)).rejects.toMatchObject({ code: -32602 })
})

test('a question that changes when it is replayed is an error', async () => {
  let round = 0
  const fickle = tool('book', {}, (given, ctx) => {
    round += 1
    return ask(given, ctx, `round ${round}`).catch(() => 'swallowed')
  })
  await using client = await connect({}, { tools: [fickle] })
  await expect(client.once('tools/call', retry(await stateOf(client)))).rejects.toMatchObject({
    code: -32603,
    message: expect.stringContaining('must keep keys stable'),
  })
})

test('what a client would have to carry is limited', async () => {
  const heavy = tool('book', {}, async (given, ctx) => {
    await ctx.step('read', () => 'x'.repeat(1000))
    return ask(given, ctx)
  })
  await using client = await connect({}, { tools: [heavy], limits: { stateBytes: 500 } })
  await expect(client.once('tools/call', args)).rejects.toMatchObject({
    code: -32603,
    message: expect.stringContaining('at most 500'),
  })
})

test('a key ring must be sound', () => {
  expect(() => server({ ...info, seal: [] })).toThrow(TypeError)
  expect(() => server({ ...info, seal: [new Uint8Array(16)] })).toThrow('every key must be 32 bytes')
})
