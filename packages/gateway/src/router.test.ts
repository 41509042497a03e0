import {
  type Call,
  type Caller,
  code,
  legacy,
  newest,
  type Outcome,
  type Params,
  ProtocolError,
  type Resume,
  TransportError,
} from '@interlock/protocol'
import { Tasks } from '@interlock/server'
import { expect, test, vi } from 'vitest'
import { Offering } from './offering.ts'
import { router } from './router.ts'
import { callOf, ScriptedServer, tool } from './testing/scripted.ts'
import { Parking } from './upstreams/parked.ts'

interface Front extends AsyncDisposable {
  readonly offering: Offering
  /** A call of a client that waits, and has the newest revision unless told otherwise. */
  ask(method: string, params: Params, caller?: Partial<Caller>): Promise<Outcome>
  /** The same with answers. */
  resume(method: string, params: Params, caller: Partial<Caller>, resume: Resume): Promise<Outcome>
}

async function front(servers: readonly ScriptedServer[], started?: Promise<void>): Promise<Front> {
  const parking = new Parking()
  const offering = new Offering({
    servers: servers.map(({ spec }) => spec),
    info: { name: 'gateway', version: '1' },
    parking,
    open: spec => (servers.find(({ name }) => name === spec.name) ?? servers[0] ?? unreachable()).open(),
  })
  offering.start()
  if (started === undefined) await offering.settled(5_000)
  const handle = router(offering.catalog, { tasks: new Tasks(offering.changes), parking }, () => started)
  return {
    offering,
    ask: (method, params, changes) => handle(made(method, params, changes)),
    resume: (method, params, changes, resume) => handle({ ...made(method, params, changes), resume }),
    [Symbol.asyncDispose]: () => offering.close(),
  }
}

function made(method: string, params: Params, changes: Partial<Caller> = {}): Call {
  const call = callOf(method, params)
  return { ...call, caller: { ...call.caller, ...changes } }
}

const unreachable = (): never => {
  throw new Error('no such server')
}

const exits = (server: ScriptedServer): void =>
  server.now.break(new TransportError('exited', '"/home/ada/bin/node" ended with exit code 3'))

const full = (name: string): ScriptedServer =>
  new ScriptedServer(name, {
    'tools/list': () => ({ tools: [tool('t')] }),
    'prompts/list': () => ({ prompts: [{ name: 'p' }] }),
    'resources/list': () => ({ resources: [{ name: 'r', uri: 'x://r' }] }),
    'tools/call': () => ({ content: [] }),
    'prompts/get': () => ({ messages: [] }),
    'resources/read': () => ({ contents: [] }),
    'completion/complete': () => ({ completion: { values: [] } }),
  })

const askedOf = [
  ['prompts/get', { name: 's__p' }],
  ['resources/read', { uri: 'x://r' }],
  ['completion/complete', { ref: { type: 'ref/prompt', name: 's__p' }, argument: { name: 'a', value: '' } }],
] as const

test.concurrent.each(askedOf)(
  '%s of a server that is down says so, and nothing of the machine',
  async (method, params) => {
    const server = full('s')
    await using at = await front([server])
    server.answers['server/discover'] = server.answers['initialize'] = () => {
      throw new TransportError('exited', '"/home/ada/bin/node" ended with exit code 3')
    }
    exits(server)
    await vi.waitFor(() => expect(at.offering.upstreams[0]?.state.kind).toBe('down'))

    await expect(at.ask(method, params)).rejects.toMatchObject({
      code: code.internalError,
      message: 'server "s" is down: its process ended with exit code 3',
    })
  },
)

test.concurrent.each(askedOf)('%s of a server that is down starts it again', async (method, params) => {
  const server = full('s')
  await using at = await front([server])
  exits(server)
  await vi.waitFor(() => expect(at.offering.upstreams[0]?.state.kind).toBe('down'))

  expect(await at.ask(method, params)).toMatchObject({ kind: 'complete' })
})

test.each([...askedOf, ['tools/call', { name: 's__t' }] as const])(
  '%s of a server that is up does not wait for others that hang',
  async (method, params) => {
    await using at = await front([full('s')], new Promise(() => {}))
    await vi.waitFor(() => expect(at.offering.upstreams[0]?.state.kind).toBe('ready'))

    expect(await at.ask(method, params)).toMatchObject({ kind: 'complete' })
  },
)

const failing = (error: unknown): ScriptedServer => {
  const server = full('s')
  const fail = (): never => {
    throw error
  }
  server.answers['tools/call'] = server.answers['prompts/get'] = fail
  return server
}

test.each([
  [code.headerMismatch, 'Header mismatch'],
  [code.unsupportedVersion, 'Unsupported protocol version'],
  [code.methodNotFound, 'Method not found'],
  [code.parseError, 'Parse error'],
])('an error %i of a server is not told as one of the client', async (errorCode, message) => {
  await using at = await front([failing(new ProtocolError(errorCode, message, { supported: ['2025-06-18'] }))])
  const told = { code: code.internalError, message: `server "s" failed: ${message}`, data: undefined }

  await expect(at.ask('tools/call', { name: 's__t' })).rejects.toMatchObject(told)
  await expect(at.ask('prompts/get', { name: 's__p' })).rejects.toMatchObject(told)
})

test('an error that is about the call passes as it is', async () => {
  await using at = await front([failing(new ProtocolError(code.invalidParams, 'city is missing', { at: 'city' }))])

  await expect(at.ask('tools/call', { name: 's__t' })).rejects.toMatchObject({
    code: code.invalidParams,
    message: 'city is missing',
    data: { at: 'city' },
  })
})

const unknown = '; whether the call took effect is unknown'

test.each([
  ['exited', '"/home/ada/node" ended with exit code 7', `its process ended with exit code 7${unknown}`],
  ['exited', '"/home/ada/node" was ended by SIGKILL', `its process was ended by SIGKILL${unknown}`],
  ['timeout', 'tools/call of "t" got no answer within 1 s', `it did not answer in time${unknown}`],
  ['broken', '10.0.0.7:80 closed the connection', `the connection to it broke${unknown}`],
  ['unreachable', 'nothing listens on 10.0.0.7:80', 'it cannot be reached'],
  ['bad_reply', 'a line that is no message: "secret"', `its answer cannot be read${unknown}`],
])('a call that ends with %s is told in words that fit a stranger', async (errorCode, message, told) => {
  const error = Object.assign(new TransportError('closed', message), { code: errorCode })
  await using at = await front([failing(error)])

  expect(await at.ask('tools/call', { name: 's__t' })).toMatchObject({
    result: { isError: true, content: [{ type: 'text', text: `server "s": ${told}` }] },
  })
})

test('an HTTP error tells its status and not what the server wrote', async () => {
  const error = new TransportError('http_status', 'http://10.0.0.7/token answered HTTP 403: "secret"', { status: 403 })
  await using at = await front([failing(error)])

  expect(await at.ask('tools/call', { name: 's__t' })).toMatchObject({
    result: { content: [{ text: 'server "s": it answered HTTP 403' }] },
  })
})

const refusing = (number: number): ScriptedServer => failing(new ProtocolError(number, 'not today', { why: 'closed' }))

test.each([4001, -31000, -32000, -32019, -32100, code.invalidParams, code.missingCapability])(
  'a server may answer with the code %i, and it passes as it is',
  async number => {
    await using at = await front([refusing(number)])
    await expect(at.ask('tools/call', { name: 's__t' })).rejects.toMatchObject({
      code: number,
      message: 'not today',
      data: { why: 'closed' },
    })
  },
)

test.each([code.urlElicitationRequired, -32023, -32050, -32099])(
  'the code %i, which stateless clients must not be sent, is named instead; sessions get it as it is',
  async number => {
    await using at = await front([refusing(number)])
    await expect(at.ask('tools/call', { name: 's__t' })).rejects.toMatchObject({
      code: code.internalError,
      message: `server "s" failed with code ${number}: not today`,
      data: { why: 'closed' },
    })
    const [revision = newest] = legacy
    await expect(
      at.ask('tools/call', { name: 's__t' }, { peer: { revision, capabilities: {} } }),
    ).rejects.toMatchObject({ code: number, message: 'not today', data: { why: 'closed' } })
  },
)

/** A server with a view that may call its tool `load`. */
const viewing = (name: string, visibility?: readonly string[]): ScriptedServer => {
  const server = full(name)
  const show = { ...tool('show'), _meta: { ui: { resourceUri: `ui://${name}/show` } } }
  const load = visibility === undefined ? tool('load') : { ...tool('load'), _meta: { ui: { visibility } } }
  server.answers['tools/list'] = () => ({ tools: [show, load] })
  server.answers['tools/call'] = ({ name: called }) => ({ content: [{ type: 'text', text: `${name}: ${called}` }] })
  return server
}

test('a view calls a tool of its server by the name that it has there', async () => {
  await using at = await front([full('other'), viewing('s', ['app'])])
  expect(await at.ask('tools/call', { name: 'load' })).toMatchObject({
    result: { content: [{ type: 'text', text: 's: load' }] },
  })
})

test.each([
  ['a tool that views may not call', [viewing('s', ['model'])], 'load', 'call it "s__load"', 's__load'],
  ['a tool of two servers with views', [viewing('a'), viewing('b')], 'load', '"a__load" or "b__load"', 'a__load'],
  ['a tool of a server without views', [full('s')], 't', 'call it "s__t"', 's__t'],
] as const)(
  '%s is not called by its own name, and the right one is told',
  async (_, servers, name, says, didYouMean) => {
    await using at = await front(servers)
    await expect(at.ask('tools/call', { name })).rejects.toMatchObject({
      code: code.invalidParams,
      message: expect.stringContaining(says),
      data: { didYouMean },
    })
  },
)

test('a parked call whose server is down and does not come back ends with what is known of it', async () => {
  const server = full('s')
  server.kind = 'stdio'
  server.answers['tools/call'] = () => {
    server.now.ask('q1', 'elicitation/create', { message: 'Day?', requestedSchema: { type: 'object', properties: {} } })
    return new Promise(() => {})
  }
  await using at = await front([server])
  const { input } = callOf('tools/call', {}).caller
  const caller = { input: { ...input, isLive: false }, peer: { revision: newest, capabilities: { elicitation: {} } } }
  const asked = await at.ask('tools/call', { name: 's__t' }, caller)
  if (asked.kind !== 'input_required' || asked.state === undefined) throw new Error('not asked')
  server.answers['initialize'] = () => {
    throw new TransportError('exited', 'it ended')
  }
  exits(server)
  await vi.waitFor(() => expect(at.offering.upstreams[0]?.state.kind).toBe('down'))
  const resume = { state: asked.state, responses: { 'elicitation/create#1': { action: 'decline' } } }

  expect(await at.resume('tools/call', { name: 's__t' }, caller, resume)).toMatchObject({
    result: { isError: true, content: [{ text: expect.stringMatching(/whether the call took effect is unknown$/) }] },
  })
})
