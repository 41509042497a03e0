import {
  type InputRequest,
  legacy,
  newest,
  type Peer,
  ProtocolError,
  type Revision,
  refusedQuestion,
} from '@interlock/protocol'
import { expect, test } from 'vitest'
import { Offering } from './offering.ts'
import { callOf, ScriptedServer } from './testing/scripted.ts'
import { Parking } from './upstreams/parked.ts'

/** What session servers ask, and tell of it afterwards, as a client hears it. */
const [session] = legacy
if (session === undefined) throw new Error('no revision has sessions')
const asking = (capabilities: Peer['capabilities'], revision: Revision = session): Peer => ({ revision, capabilities })
const user = asking({ elicitation: { url: {} }, sampling: {} })

/** A server on a stream of its own, whose tool asks this and then ends. */
function server(name: string, method: string, params: object): ScriptedServer {
  const made = new ScriptedServer(name)
  made.answers['tools/call'] = async () => {
    made.now.ask('q1', method, { ...params })
    await made.now.answered('q1')
    return { content: [] }
  }
  made.kind = 'stdio'
  return made
}

async function front(...servers: readonly ScriptedServer[]) {
  const offering = new Offering({
    servers: servers.map(({ spec }) => spec),
    info: { name: 'gateway', version: '1' },
    parking: new Parking(),
    open: ({ name }) => (servers.find(known => known.name === name) as ScriptedServer).open(),
  })
  offering.start()
  await offering.settled(5_000)
  return {
    offering,
    /** What the client is asked in a call of a server. */
    async asked(at: number, peer: Peer): Promise<InputRequest | undefined> {
      const heard: InputRequest[] = []
      const call = callOf('tools/call', { name: 'work' })
      const ask = async (_: string, request: InputRequest): Promise<unknown> => {
        heard.push(request)
        return { action: 'accept', role: 'assistant', model: 'm', content: { type: 'text', text: '' } }
      }
      await offering.upstreams[at]?.handle({
        ...call,
        caller: { ...call.caller, peer, input: { ...call.caller.input, ask } },
      })
      return heard[0]
    },
    [Symbol.asyncDispose]: () => offering.close(),
  }
}

const page = { mode: 'url', message: 'Pay', url: 'https://example.com/pay', elicitationId: 'page-1' }

test('pages of two servers with one id are two pages, and none can say of the other that it is done', async () => {
  const servers = [server('shop', 'elicitation/create', page), server('bank', 'elicitation/create', page)]
  await using at = await front(...servers)
  expect(await at.asked(0, user)).toMatchObject({ params: { elicitationId: 'shop:page-1' } })
  expect(await at.asked(1, user)).toMatchObject({ params: { elicitationId: 'bank:page-1' } })
  const done: unknown[] = []
  at.offering.changes.subscribe({ pages: ['shop:page-1', 'bank:page-1'] }, change => done.push(change))
  servers[1]?.now.tell('notifications/elicitation/complete', { elicitationId: 'page-1' })
  expect(done).toEqual([{ kind: 'page', elicitationId: 'bank:page-1' }])
})

test('an error that wants the user at a page names it as the client will hear of it', async () => {
  const shop = new ScriptedServer('shop', {
    'tools/call': () => {
      throw new ProtocolError(-32042, 'Pay first', { elicitations: [page] })
    },
  })
  await using at = await front(shop)
  await expect(at.asked(0, asking({}))).rejects.toMatchObject({
    code: -32042,
    data: { elicitations: [{ ...page, elicitationId: 'shop:page-1' }] },
  })
})

const sampling = { messages: [], maxTokens: 1, includeContext: 'allServers' }
const older = legacy.find(({ features }) => !features.samplingTools)

test.each([
  ['has not declared it', session, {}, undefined],
  ['has not declared it, and no session', newest, {}, undefined],
  ['has declared it', session, { context: {} }, 'allServers'],
  ['is of a revision where it cannot be declared', older, {}, 'allServers'],
])('the context of servers is not asked for where the client %s', async (_, revision, declared, expected) => {
  await using at = await front(server('s', 'sampling/createMessage', sampling))
  const asked = await at.asked(0, asking({ sampling: declared }, revision))
  expect(asked?.params?.['includeContext']).toBe(expected)
  expect(asked?.params?.['maxTokens']).toBe(1)
})

test.each([-32601, -32600, -32021])(
  'a server that repeats as its own error (%d) that its client could not be asked: the client hears what it lacks',
  async number => {
    const shop = server('shop', 'sampling/createMessage', { messages: [], maxTokens: 10 })
    const ask = shop.answers['tools/call']
    shop.answers['tools/call'] = async params => {
      await ask?.(params)
      throw new ProtocolError(number, 'Client does not support sampling')
    }
    await using at = await front(shop)
    const call = callOf('tools/call', { name: 'work' })
    const refuse = async (_: string, request: InputRequest): Promise<never> => {
      throw refusedQuestion(request)
    }
    const caller = { ...call.caller, peer: asking({}), input: { ...call.caller.input, ask: refuse } }
    const answer = at.offering.upstreams[0]?.handle({ ...call, caller })
    await expect(answer).rejects.toThrow('The client does not support sampling')
    await expect(answer).rejects.toMatchObject({ data: { requiredCapabilities: { sampling: {} } } })
  },
)

test('an error that has nothing to do with the question which the client refused stays what it is', async () => {
  const shop = server('shop', 'sampling/createMessage', { messages: [], maxTokens: 10 })
  const ask = shop.answers['tools/call']
  shop.answers['tools/call'] = async params => {
    await ask?.(params)
    throw new ProtocolError(4055, 'sold out')
  }
  await using at = await front(shop)
  const call = callOf('tools/call', { name: 'work' })
  const refuse = async (_: string, request: InputRequest): Promise<never> => {
    throw refusedQuestion(request)
  }
  const caller = { ...call.caller, peer: asking({}), input: { ...call.caller.input, ask: refuse } }
  await expect(at.offering.upstreams[0]?.handle({ ...call, caller })).rejects.toThrow('sold out')
})
