import type { AuthorizationServer } from 'oauth4webapi'
import { type Document, isTextList } from '../documents/json.ts'
import { issuerPlaces } from '../documents/well-known.ts'
import { AuthorizationError } from './contract.ts'
import { fetchDocument } from './document.ts'
import { type Flow, isWebUrl, quoted, told } from './flow.ts'

const step = 'authorization server metadata'

/**
 * Fetches the metadata of an authorization server by its issuer, from the places of RFC 8414 and of OpenID Connect
 * Discovery in the specified order.
 * @throws AuthorizationError when there is none, or none whose issuer is identical
 */
export async function discoverServer(flow: Flow, issuer: string): Promise<AuthorizationServer> {
  const places = issuerPlaces(issuerUrl(issuer))
  flow.onStep(step, `asking ${issuer} how to log in`)
  const found = await firstOf(flow, places, [issuer])
  if (found !== undefined) return found
  throw new AuthorizationError(
    step,
    `${issuer} publishes no metadata, neither as an OAuth authorization server nor as an OpenID provider; check that it is the issuer and that it is up`,
  )
}

/**
 * Servers of 2025-03-26 are their own authorization server, with metadata at their origin, or none and endpoints at
 * fixed paths (specification 2025-03-26: Authorization, Server Metadata Discovery).
 */
export async function discoverOrigin(flow: Flow, origin: string): Promise<AuthorizationServer> {
  flow.onStep(
    step,
    `${origin} names no authorization server; asking it how to log in, as servers of 2025-03-26 want it`,
  )
  // The issuer is one that this client worked out, so the same origin with a slash is as good.
  const found = await firstOf(flow, issuerPlaces(new URL(origin)), [origin, `${origin}/`])
  return (
    found ?? {
      issuer: origin,
      authorization_endpoint: `${origin}/authorize`,
      token_endpoint: `${origin}/token`,
      registration_endpoint: `${origin}/register`,
      // That revision demands PKCE of everybody.
      code_challenge_methods_supported: ['S256'],
    }
  )
}

function issuerUrl(issuer: string): URL {
  if (isWebUrl(issuer) && !issuer.includes('?') && !issuer.includes('#')) return new URL(issuer)
  const message = `the server names ${quoted(issuer)} as its authorization server; expected a URL of https without query and fragment`
  throw new AuthorizationError(step, message)
}

/** The first document that is what it should be; if there are others only, what is wrong with the first of them. */
async function firstOf(
  flow: Flow,
  places: readonly URL[],
  issuers: readonly string[],
): Promise<AuthorizationServer | undefined> {
  let problem: unknown
  for (const url of places) {
    try {
      const document = await fetchDocument(flow, step, url)
      if (document !== undefined) return checked(document, url, issuers)
    } catch (error) {
      flow.signal.throwIfAborted()
      problem ??= error
    }
  }
  if (problem !== undefined) throw problem
  return undefined
}

/** Members that are a URL, where they are there. */
const urls = [
  'authorization_endpoint',
  'token_endpoint',
  'registration_endpoint',
  'revocation_endpoint',
  'device_authorization_endpoint',
  'jwks_uri',
] as const

/** Members that are a list of words. */
const lists = [
  'scopes_supported',
  'response_types_supported',
  'grant_types_supported',
  'code_challenge_methods_supported',
  'token_endpoint_auth_methods_supported',
  'dpop_signing_alg_values_supported',
] as const

function checked(document: Document, url: URL, [issuer = '', ...others]: readonly string[]): AuthorizationServer {
  const fail = (why: string): never => {
    throw new AuthorizationError(step, `the metadata at ${told(url)} ${why}`)
  }
  const own = document['issuer']
  if (typeof own !== 'string' || (own !== issuer && !others.includes(own))) {
    return fail(`is of issuer ${quoted(own)}; expected exactly "${issuer}", so it is refused`)
  }
  for (const name of urls) {
    const value = document[name]
    if (value !== undefined && !isEndpoint(value))
      fail(`has ${quoted(value)} as "${name}"; expected a URL without user and fragment`)
  }
  for (const name of lists) {
    const value = document[name]
    if (value !== undefined && !isTextList(value)) fail(`has ${quoted(value)} as "${name}"; expected a list of words`)
  }
  return { ...document, issuer: own }
}

/** Nobody is sent to a URL with a user name: it is there to look like another host. */
const isEndpoint = (value: unknown): boolean =>
  isWebUrl(value) && !value.includes('#') && new URL(value).username === '' && new URL(value).password === ''
