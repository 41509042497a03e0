import {
  type AuthorizationServer,
  calculatePKCECodeChallenge,
  generateRandomCodeVerifier,
  generateRandomState,
} from 'oauth4webapi'
import {
  AuthorizationError,
  type ClientRegistration,
  type Grant,
  type GrantRequest,
  type Presence,
  type Redirect,
  type Tokens,
} from './contract.ts'
import { quoted, told } from './flow.ts'
import { shown } from './grants/refusal.ts'
import { requestTokens } from './grants/token-request.ts'
import { scopesIn } from './scopes.ts'
import { isLoopbackHost } from './url-policy.ts'

const step = 'authorization'

/** How long a person may take to log in: time to find a password and a second factor, and to be called away once. */
const answerMs = 10 * 60_000

/**
 * The authorization code grant with PKCE (OAuth 2.1 section 4.1): sends a person to the authorization server and takes
 * the one answer that comes back.
 */
export function authorizationCode(presence: Presence): Grant {
  return {
    name: 'authorization code',
    isInteractive: true,
    async obtain(request) {
      const endpoint = endpointOf(request.server)
      const redirect = await presence.redirect()
      try {
        checkRedirect(redirect.redirectUri)
        return await throughBrowser(request, endpoint, presence, redirect)
      } finally {
        await redirect.close()
      }
    },
  }
}

/** @throws AuthorizationError before anybody is sent anywhere, when the server lacks what the grant needs. */
function endpointOf(server: AuthorizationServer): URL {
  const { issuer, authorization_endpoint: endpoint, code_challenge_methods_supported: methods } = server
  if (endpoint === undefined) {
    throw new AuthorizationError(step, `${issuer} has no authorization_endpoint; log in with another grant`)
  }
  if (methods?.includes('S256') !== true) {
    throw new AuthorizationError(
      step,
      `${issuer} names ${methods === undefined ? 'no PKCE method' : quoted(methods)} in "code_challenge_methods_supported"; expected S256, and without it a code can be stolen: ask whoever runs it to switch PKCE on`,
    )
  }
  const types = server.response_types_supported
  if (types !== undefined && !types.includes('code')) {
    throw new AuthorizationError(step, `${issuer} offers no response_type "code"; log in with another grant`)
  }
  const url = new URL(endpoint)
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackHost(url.hostname))) return url
  throw new AuthorizationError(
    step,
    `${issuer} wants the login at ${told(url)}, which is not https; nobody is sent there`,
  )
}

/** Codes come home over https, or to this machine (specification: Authorization Security, Communication Security). */
function checkRedirect(redirectUri: string): void {
  const { protocol, hostname } = URL.canParse(redirectUri) ? new URL(redirectUri) : {}
  if (protocol === 'https:' || (protocol === 'http:' && hostname !== undefined && isLoopbackHost(hostname))) return
  const message = `the answer of a login is not taken at ${quoted(redirectUri)}, where others could read it; use a redirect URI of https, or of http on localhost`
  throw new AuthorizationError(step, message)
}

async function throughBrowser(
  request: GrantRequest,
  endpoint: URL,
  presence: Presence,
  redirect: Redirect,
): Promise<Tokens> {
  const { redirectUri } = redirect
  const client = await request.registration({ grantType: 'authorization_code', redirectUri })
  const verifier = generateRandomCodeVerifier()
  const state = generateRandomState()
  const challenge = await calculatePKCECodeChallenge(verifier)
  const stop = new AbortController()
  const signal = AbortSignal.any([request.signal, AbortSignal.timeout(answerMs), stop.signal])
  const answered = redirect.answer(signal)
  answered.catch(() => undefined) // it may fail before anybody waits for it
  try {
    await presence.visit(authorizationUrl(request, endpoint, { client, redirectUri, state, challenge }))
    const answer = await answered.catch((error: unknown) => {
      request.signal.throwIfAborted()
      throw signal.aborted ? late(request.server) : error
    })
    const code = codeIn(answer, { server: request.server, redirectUri, state })
    return await requestTokens(request, client, {
      grant_type: 'authorization_code',
      code,
      redirect_uri: redirectUri,
      code_verifier: verifier,
    })
  } finally {
    stop.abort()
  }
}

const late = ({ issuer }: AuthorizationServer): AuthorizationError =>
  new AuthorizationError(
    step,
    `nobody finished the login at ${issuer} within ${answerMs / 60_000} minutes; log in again`,
  )

interface Asking {
  readonly client: ClientRegistration
  readonly redirectUri: string
  readonly state: string
  readonly challenge: string
}

function authorizationUrl({ resource, scope }: GrantRequest, endpoint: URL, asking: Asking): URL {
  const url = new URL(endpoint)
  const isLasting = scopesIn(scope).includes('offline_access')
  const parameters = {
    response_type: 'code',
    client_id: asking.client.clientId,
    redirect_uri: asking.redirectUri,
    state: asking.state,
    code_challenge: asking.challenge,
    code_challenge_method: 'S256',
    resource,
    ...(scope !== undefined && { scope }),
    // OpenID Connect Core section 11: without consent that is asked for, the scope is ignored.
    ...(isLasting && { prompt: 'consent' }),
  }
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
  return url
}

function fail(why: string, oauthError?: string): never {
  throw new AuthorizationError(step, why, oauthError === undefined ? {} : { oauthError })
}

interface Expected {
  readonly server: AuthorizationServer
  readonly redirectUri: string
  readonly state: string
}

/**
 * The code in an authorization answer. Who answers is checked before anything else is believed (specification:
 * Authorization Response Validation, RFC 9207), so that an answer of somebody else's is not even shown.
 * @throws AuthorizationError
 */
export function codeIn(answer: URL, { server, redirectUri, state }: Expected): string {
  const { issuer } = server
  const expected = new URL(redirectUri)
  if (placeOf(answer) !== placeOf(expected)) {
    return fail(`the answer of the login came to ${placeOf(answer)}; expected ${placeOf(expected)}`)
  }
  for (const name of ['iss', 'state', 'code', 'error']) {
    if (answer.searchParams.getAll(name).length > 1) {
      return fail(`the answer of the login has "${name}" more than once, so it is refused`)
    }
  }
  const given = (name: string): string | undefined => answer.searchParams.get(name) ?? undefined
  const iss = given('iss')
  if (iss === undefined && server.authorization_response_iss_parameter_supported === true) {
    return fail(`the answer of the login does not say who gave it; expected "iss" to be "${issuer}", so it is refused`)
  }
  if (iss !== undefined && iss !== issuer) {
    return fail(`the answer of the login was given by ${quoted(iss)}; expected exactly "${issuer}", so it is refused`)
  }
  if (given('state') !== state) {
    return fail(
      'the answer of the login is not to this request (its "state" is another one), so it is refused; log in again',
    )
  }
  const error = given('error')
  if (error !== undefined) return fail(...declined(issuer, error, given('error_description'), state))
  if (answer.searchParams.has('response') || answer.searchParams.has('access_token')) {
    return fail('the answer of the login is of a flow that was not asked for, so it is refused')
  }
  return given('code') || fail(`the answer of the login has no code; log in again`)
}

const placeOf = ({ origin, pathname }: URL): string => `${origin}${pathname}`

function declined(
  issuer: string,
  error: string,
  description: string | undefined,
  state: string,
): [why: string, oauthError?: string] {
  const code = /^[\w.-]{1,80}$/.test(error) ? error : undefined
  const said = shown(description, [state])
  const why = code === 'access_denied' ? 'the login was declined' : 'the login was refused'
  const facts = [code ?? 'an unknown error', ...(said === undefined ? [] : [`"${said}"`])].join(', ')
  return [`${why} at ${issuer}: ${facts}`, ...(code === undefined ? ([] as const) : ([code] as const))]
}
