import { decodeJwt } from 'jose'
import { expect, test } from 'vitest'
import { metadataOf } from '../../testing/flows.ts'
import { startProvider } from '../../testing/provider.ts'
import {
  everythingIn,
  grantRequest,
  type ScriptedAnswer,
  scriptedServer,
} from '../../testing/scripted-authorization-server.ts'
import type { ClientRegistration, Presence, RegistrationNeeds } from '../contract.ts'
import { prover } from '../dpop.ts'
import { deviceAuthorization } from './device-authorization.ts'

const resource = 'http://127.0.0.1:9/mcp'
const registration = async ({ grantType }: RegistrationNeeds): Promise<ClientRegistration> => {
  expect(grantType).toBe('urn:ietf:params:oauth:grant-type:device_code')
  return { clientId: 'tv', authMethod: 'none' }
}
const deviceClient = {
  client_id: 'tv',
  application_type: 'native',
  token_endpoint_auth_method: 'none',
  grant_types: ['urn:ietf:params:oauth:grant-type:device_code', 'refresh_token'],
  response_types: [],
  redirect_uris: [],
} as const

/** A clock that is as late as it was told to wait. */
function quickClock() {
  let nowMs = Date.now()
  const waits: number[] = []
  return {
    waits,
    now: () => nowMs,
    async wait(ms: number, signal: AbortSignal) {
      signal.throwIfAborted()
      waits.push(ms / 1000)
      nowMs += ms
    },
  }
}

function presence(showCode?: NonNullable<Presence['showCode']>): Presence {
  const nobody = () => Promise.reject(new Error('nobody is here'))
  return { redirect: nobody, visit: nobody, ...(showCode === undefined ? {} : { showCode }) }
}

test.each(['bearer', 'dpop'])(
  'a person enters the code on another device, and the %s token is for the resource',
  async type => {
    await using provider = await startProvider({ clients: [deviceClient] })
    const shown: string[] = []
    const person = presence(async (uri, code, complete) => {
      shown.push(uri.href, code)
      await provider.enterCode(complete ?? uri)
    })
    const grant = deviceAuthorization(person, quickClock())
    const key = type === 'dpop' ? await prover() : undefined
    const request = grantRequest(await metadataOf(provider), {
      resource,
      scope: 'files:read',
      prover: key,
      registration,
    })
    const tokens = await grant.obtain(request)
    expect(tokens).toMatchObject({ tokenType: type, scope: 'files:read', refreshToken: expect.any(String) })
    expect(decodeJwt(tokens.accessToken)).toMatchObject({ aud: resource, sub: 'alice' })
    expect(shown).toEqual([`${provider.issuer}/device`, expect.stringMatching(/^[A-Z]{4}-[A-Z]{4}$/)])
  },
)

test('the question is repeated until the code was entered', async () => {
  await using provider = await startProvider({ clients: [deviceClient] })
  let page: URL | undefined
  const clock = quickClock()
  const person = presence(async (_uri, _code, complete) => {
    page = complete
  })
  const grant = deviceAuthorization(person, {
    ...clock,
    async wait(ms, signal) {
      await clock.wait(ms, signal)
      if (clock.waits.length === 3 && page !== undefined) await provider.enterCode(page)
    },
  })
  const request = grantRequest(await metadataOf(provider), { resource, scope: 'files:read', registration })
  expect(await grant.obtain(request)).toMatchObject({ tokenType: 'bearer' })
  expect(clock.waits).toEqual([5, 5, 5])
})

const deviceCode = 'device-code-83kdls'
const code = {
  device_code: deviceCode,
  user_code: 'ABCD-EFGH',
  verification_uri: 'https://as.example/device',
  expires_in: 60,
}
const pending: ScriptedAnswer = { status: 400, body: { error: 'authorization_pending' } }
const slowDown: ScriptedAnswer = { status: 400, body: { error: 'slow_down' } }
const good: ScriptedAnswer = { body: { access_token: 'access', token_type: 'Bearer' } }

/** A server that gives `first` for the code, and then `answers` in turn to questions, the last one for ever. */
async function asked(first: object, answers: readonly ScriptedAnswer[]) {
  let questions = 0
  const server = await scriptedServer(({ path }) =>
    path === '/device' ? { body: first } : (answers[Math.min(questions++, answers.length - 1)] ?? {}),
  )
  const clock = quickClock()
  const shown: unknown[][] = []
  const person = presence(async (...what) => void shown.push(what.map(String)))
  const grant = deviceAuthorization(person, clock)
  return { server, clock, shown, grant, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
}

test.each<[string, object, readonly ScriptedAnswer[], readonly number[]]>([
  ['5 seconds by default', {}, [pending, good], [5, 5]],
  ['as the server says', { interval: 2 }, [pending, good], [2, 2]],
  ['never more often than once a second', { interval: 0.001 }, [pending, good], [1, 1]],
  ['5 seconds more after each slow_down', {}, [slowDown, pending, slowDown, good], [5, 10, 10, 15]],
  ['twice as long after no answer', { interval: 3 }, [{ instead: 'drop' }, pending, good], [3, 6, 6]],
])('time between two questions: %s', async (_name, own, answers, waits) => {
  await using party = await asked({ ...code, ...own }, answers)
  expect(await party.grant.obtain(party.server.request({ registration }))).toMatchObject({ accessToken: 'access' })
  expect(party.clock.waits).toEqual(waits)
  expect(party.server.requests.map(({ form }) => form['resource'])).toEqual(
    Array.from({ length: answers.length + 1 }, () => 'https://mcp.example/mcp'),
  )
})

test.each<[string, object, readonly ScriptedAnswer[], RegExp, readonly number[]]>([
  ['nobody enters the code', {}, [pending], /not entered in time; log in again/, Array.from({ length: 12 }, () => 5)],
  ['the server slows down for ever', {}, [slowDown], /not entered in time/, [5, 10, 15, 20]],
  ['the server never answers', {}, [{ instead: 'drop' }], /not entered in time/, [5, 10, 20]],
  ['the code expires', {}, [pending, { status: 400, body: { error: 'expired_token' } }], /not entered in time/, [5, 5]],
  ['the person refuses', {}, [{ status: 400, body: { error: 'access_denied' } }], /refused on the other device/, [5]],
  ['the client is refused', {}, [{ status: 401, body: { error: 'invalid_client' } }], /invalid_client/, [5]],
  [
    'the code is not known',
    {},
    [{ status: 400, body: { error: 'invalid_grant', error_description: deviceCode } }],
    /"\[removed\]"/,
    [5],
  ],
  ['the interval is longer than the code lives', { interval: 61 }, [good], /not entered in time/, []],
  [
    'the code would live for ever',
    { expires_in: 1e9, interval: 600 },
    [pending],
    /not entered in time/,
    [600, 600, 600],
  ],
])('it ends when %s', async (_name, own, answers, expected, waits) => {
  await using party = await asked({ ...code, ...own }, answers)
  const error: unknown = await party.grant
    .obtain(party.server.request({ registration }))
    .catch((reason: unknown) => reason)
  expect(error).toMatchObject({ name: 'AuthorizationError', message: expect.stringMatching(expected) })
  expect(everythingIn(error)).not.toContain(deviceCode)
  expect(party.clock.waits).toEqual(waits)
})

test.each<[string, object, RegExp]>([
  ['a page that runs', { verification_uri: 'javascript:alert(1)' }, /not an http or https URL/],
  ['a page that is a file', { verification_uri: 'file:///etc/passwd' }, /not an http or https URL/],
  ['a page that is no URL', { verification_uri: 'go to as.example' }, /not an http or https URL/],
  ['a page that pretends', { verification_uri: 'https://bank.example@evil.example/' }, /without user name/],
  ['a complete page that runs', { verification_uri_complete: 'data:text/html,x' }, /not an http or https URL/],
  ['a code for a terminal', { user_code: '\u001b[2JABCD' }, /nobody can type/],
  ['a code without end', { user_code: 'A'.repeat(65) }, /nobody can type/],
  ['no code', { user_code: undefined }, /no usable code: user_code/],
  ['no device code', { device_code: undefined }, /no usable code: device_code/],
  ['no lifetime', { expires_in: undefined }, /no usable code: expires_in/],
  ['a negative interval', { interval: -5 }, /no usable code: interval/],
])('nothing is shown when the server gives %s', async (_name, own, expected) => {
  await using party = await asked({ ...code, ...own }, [good])
  const error: unknown = await party.grant
    .obtain(party.server.request({ registration }))
    .catch((reason: unknown) => reason)
  expect(error).toMatchObject({ name: 'AuthorizationError', message: expect.stringMatching(expected) })
  expect(everythingIn(error)).not.toContain(deviceCode)
  expect(party.shown).toEqual([])
  expect(party.server.requests).toHaveLength(1)
})

test('aborting ends the waiting at once', async () => {
  await using server = await scriptedServer([{ body: { ...code, expires_in: 600 } }])
  const stop = new AbortController()
  const reason = new Error('the person went away')
  const grant = deviceAuthorization(presence(async () => void setImmediate(() => stop.abort(reason))))
  await expect(grant.obtain(server.request({ registration, signal: stop.signal }))).rejects.toBe(reason)
  expect(server.requests.map(({ path }) => path)).toEqual(['/device'])
})

test('a server without the device grant, and a program without a screen, are told before anything is sent', async () => {
  await using server = await scriptedServer([good])
  const { device_authorization_endpoint: _none, ...bare } = server.metadata
  const showing = deviceAuthorization(presence(async () => undefined))
  await expect(showing.obtain(grantRequest(bare, { registration }))).rejects.toThrow('offers no device grant')
  await expect(deviceAuthorization(presence()).obtain(server.request({ registration }))).rejects.toThrow(
    'there is nobody to show the device code to',
  )
  expect(server.requests).toEqual([])
})
