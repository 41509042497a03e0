import {
  type AuthorizationServer,
  type DeviceAuthorizationResponse,
  processDeviceAuthorizationResponse,
} from 'oauth4webapi'
import {
  AuthorizationError,
  type ClientRegistration,
  type Grant,
  type GrantRequest,
  type Presence,
  type Tokens,
} from '../contract.ts'
import { ask, Unreachable } from './endpoint.ts'
import { requestTokens } from './token-request.ts'

const grantType = 'urn:ietf:params:oauth:grant-type:device_code'

const limits = {
  /** Longest that a code is waited for. Servers give 5 to 30 minutes; who needs longer starts again. */
  codeMs: 30 * 60_000,
  /** Shortest time between two questions, even where the server allows less. */
  intervalMs: 1_000,
  /** Codes are typed by a person; anything longer is not one. */
  codeCharacters: 64,
}

/** The time between two questions where the server names none, and what `slow_down` adds (RFC 8628 section 3.5). */
const stepMs = 5_000

/** The time, and waiting for it. `wait` rejects with the signal's reason. */
export interface Clock {
  now(): number
  wait(ms: number, signal: AbortSignal): Promise<void>
}

/**
 * Tokens for a machine without a browser (RFC 8628): shows a code, which the person enters on another device, and asks
 * until that is done, refused or too late. Aborting the request's signal ends it at once. The client is the one that is
 * registered with the server, or registers now.
 */
export function deviceAuthorization(presence: Presence, clock: Clock = system): Grant {
  return {
    name: 'device authorization',
    isInteractive: true,
    async obtain(request) {
      if (presence.showCode === undefined) {
        throw new AuthorizationError('authorization', 'there is nobody to show the device code to; log in another way')
      }
      checkOffer(request.server)
      const client = await request.registration({ grantType })
      const code = await requestCode(request, client)
      const expiresAtMs = clock.now() + Math.min(code.expires_in * 1000, limits.codeMs)
      const complete = code.verification_uri_complete
      await presence.showCode(
        pageUrl(code.verification_uri),
        userCode(code.user_code),
        complete === undefined ? undefined : pageUrl(complete),
        expiresAtMs,
      )
      return poll(request, client, code, clock, expiresAtMs)
    },
  }
}

function checkOffer({ issuer, device_authorization_endpoint: endpoint }: AuthorizationServer): void {
  if (endpoint !== undefined) return
  const message = `authorization server ${issuer} offers no device grant: its metadata names no device_authorization_endpoint; log in with a browser`
  throw new AuthorizationError('authorization', message)
}

async function requestCode(request: GrantRequest, client: ClientRegistration): Promise<DeviceAuthorizationResponse> {
  const { server, resource, scope } = request
  const { from, body } = await ask({
    endpoint: 'device_authorization_endpoint',
    step: 'authorization',
    grant: request,
    client,
    parameters: { resource, ...(scope === undefined ? {} : { scope }) },
  })
  // The library's errors hold the whole answer, the code included: only their fixed messages are used.
  return processDeviceAuthorizationResponse(server, { client_id: client.clientId }, Response.json(body)).catch(
    (error: unknown) => {
      const why = error instanceof Error ? error.message.replaceAll(/"response" body |"/g, '') : 'no code'
      throw new AuthorizationError('authorization', `${from} gave no usable code: ${why}`)
    },
  )
}

/** A page that a person may be sent to: nothing that runs, nothing that pretends to be another host. */
function pageUrl(value: string): URL {
  const url = URL.canParse(value) ? new URL(value) : undefined
  const isPage = url?.protocol === 'https:' || url?.protocol === 'http:'
  if (url !== undefined && isPage && url.username === '' && url.password === '') return url
  const message = 'the authorization server gave a verification page that is not an http or https URL without user name'
  throw new AuthorizationError('authorization', message)
}

function userCode(value: string): string {
  if (value.length <= limits.codeCharacters && /^[\x20-\x7e]+$/.test(value)) return value
  const message = `the authorization server gave a code that nobody can type; expected up to ${limits.codeCharacters} printable characters`
  throw new AuthorizationError('authorization', message)
}

async function poll(
  request: GrantRequest,
  client: ClientRegistration,
  code: DeviceAuthorizationResponse,
  clock: Clock,
  expiresAtMs: number,
): Promise<Tokens> {
  const parameters = { grant_type: grantType, device_code: code.device_code }
  let intervalMs = Math.max(code.interval === undefined ? stepMs : code.interval * 1000, limits.intervalMs)
  while (clock.now() + intervalMs <= expiresAtMs) {
    await clock.wait(intervalMs, request.signal)
    try {
      return await requestTokens(request, client, parameters)
    } catch (error) {
      intervalMs = nextInterval(error, intervalMs)
    }
  }
  throw expired()
}

/** How long to wait after a failed question; rethrows what ends the matter. */
function nextInterval(error: unknown, intervalMs: number): number {
  if (error instanceof Unreachable) return intervalMs * 2
  if (!(error instanceof AuthorizationError)) throw error
  switch (error.oauthError) {
    case 'authorization_pending':
      return intervalMs
    case 'slow_down':
      return intervalMs + stepMs
    case 'expired_token':
      throw expired()
    case 'access_denied':
      throw new AuthorizationError('authorization', 'access was refused on the other device', {
        oauthError: 'access_denied',
      })
    default:
      throw error
  }
}

function expired(): AuthorizationError {
  const message = 'the code was not entered in time; log in again for a new one'
  return new AuthorizationError('authorization', message, { oauthError: 'expired_token' })
}

const system: Clock = {
  now: () => Date.now(),
  wait: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason)
      const stop = (): void => {
        clearTimeout(timer)
        reject(signal.reason)
      }
      const timer = setTimeout(() => {
        signal.removeEventListener('abort', stop)
        resolve()
      }, ms)
      signal.addEventListener('abort', stop, { once: true })
    }),
}
