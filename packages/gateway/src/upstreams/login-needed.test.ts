import { ConnectError } from '@interlock/client'
import { expect, test } from 'vitest'
import { toldOf } from '../errors.ts'
import { callOf, gate, ScriptedServer, tool } from '../testing/scripted.ts'
import { LoginNeeded } from './login-needed.ts'
import { opener } from './open.ts'
import { Parking } from './parked.ts'
import { fullReason, publicReason, Unavailable } from './reason.ts'
import { Upstream } from './upstream.ts'

const need = (more: Partial<ConstructorParameters<typeof LoginNeeded>[0]> = {}): LoginNeeded =>
  new LoginNeeded({
    reason: 'its login ended (https://login.example refused it): run "interlock login notes"',
    told: 'needs a new login: run "interlock login notes"',
    isWhole: true,
    ...more,
  })

const upstreamOf = (server: ScriptedServer): Upstream =>
  new Upstream({
    spec: server.spec,
    info: { name: 'gateway', version: '1' },
    parking: new Parking(),
    onChange: () => {},
    onState: () => {},
    open: server.open,
  })

test('the person is told everything, clients nothing of the authorization server', () => {
  const error = new ConnectError('notes', 'server/discover', need())
  expect(fullReason(error)).toBe('its login ended (https://login.example refused it): run "interlock login notes"')
  expect(publicReason(error)).toBe('needs a new login: run "interlock login notes"')
  expect(toldOf(need(), { name: 'notes' }, callOf('tools/call', {}))).toMatchObject({
    result: { isError: true, content: [{ text: 'server "notes" needs a new login: run "interlock login notes"' }] },
  })
})

test('a server waits for the login, without being asked meanwhile, and goes on when it is there', async () => {
  const loggedIn = gate()
  let has = false
  const server = new ScriptedServer('notes', {
    'tools/list': () => ({ tools: [tool('a')] }),
  })
  const { initialize } = server.answers
  server.answers['initialize'] = params => {
    if (!has) throw need({ changed: () => loggedIn.promise })
    return initialize?.(params)
  }
  await using upstream = upstreamOf(server)
  upstream.start()
  await upstream.settled(5_000)
  expect(upstream.state).toMatchObject({ kind: 'down', reason: need().message, told: need().told })
  expect(server.launches).toHaveLength(1)
  has = true
  loggedIn.open()
  await expect.poll(() => upstream.state.kind, { timeout: 5_000 }).toBe('ready')
  expect(server.launches).toHaveLength(2)
})

test('a login that ends takes its server down; one that only lacks a scope does not', async () => {
  let error = need({ isWhole: false })
  const server = new ScriptedServer('notes', {
    'tools/call': () => {
      throw error
    },
  })
  await using upstream = upstreamOf(server)
  upstream.start()
  await upstream.settled(5_000)
  await expect(upstream.handle(callOf('tools/call', { name: 'a' }))).rejects.toBe(error)
  expect(upstream.state.kind).toBe('ready')
  error = need()
  await expect(upstream.handle(callOf('tools/call', { name: 'a' }))).rejects.toBe(error)
  await expect.poll(() => upstream.state.kind).toBe('down')
})

test('the wait for a login ends with the gateway', async () => {
  const stopped = gate()
  const server = new ScriptedServer('notes', {
    initialize: () => {
      throw need({
        changed: signal =>
          new Promise((_, reject) => {
            signal.addEventListener('abort', () => {
              stopped.open()
              reject(signal.reason)
            })
          }),
      })
    },
  })
  const upstream = upstreamOf(server)
  upstream.start()
  await upstream.settled(5_000)
  await upstream[Symbol.asyncDispose]()
  await stopped.promise
  await expect(upstream.client()).rejects.toBeInstanceOf(Unavailable)
})

test('credentials of its own, and "auth": false, keep a server from being logged in to', async () => {
  const asked: string[] = []
  const open = opener(({ name }) => {
    asked.push(name)
    return send => send
  })
  const http = { disabled: false, kind: 'http', url: new URL('https://example.com/mcp'), headers: {} } as const
  const sent = [
    { ...http, name: 'plain' },
    { ...http, name: 'sse', kind: 'sse' as const },
    { ...http, name: 'header', headers: { Authorization: 'Bearer x' } },
    { ...http, name: 'without', auth: false as const },
  ]
  for (const spec of sent) await open(spec).transport[Symbol.asyncDispose]()
  expect(asked).toEqual(['plain', 'sse'])
})
