import type { AuthorizationServer } from 'oauth4webapi'
import { boundedText } from '../documents/bounded-text.ts'
import { type Document, objectIn } from '../documents/json.ts'
import { keepToIssuer } from './binding.ts'
import {
  AuthorizationError,
  type ClientRegistration,
  type CredentialStore,
  type RegistrationNeeds,
} from './contract.ts'
import { type Flow, quoted, reasonOf, told } from './flow.ts'
import { type KeptRegistration, readRegistration, writeRegistration } from './records.ts'
import { isLoopbackHost } from './url-policy.ts'

/** A client id from outside of the flow. */
export interface PreRegistered extends ClientRegistration {
  /**
   * The authorization server that knows it. Without one, it is bound to the first that it is used with for a server, and
   * refused for others.
   */
  readonly issuer?: string
}

/** Who this client may be, in the order in which it is tried. */
export interface Identity {
  readonly clients?: readonly PreRegistered[]
  /** The https URL of this client's metadata document, which is its id for servers that support that. */
  readonly clientMetadataUrl?: string
  /** The name that servers show, for dynamic registration. */
  readonly clientName: string
}

const step = 'registration'

const limits = {
  /** Largest answer: it repeats the metadata that was sent. */
  answerBytes: 256 * 1024,
  /** Longest wait for an answer. */
  answerMs: 30_000,
}

/**
 * Finds out who this client is to an authorization server: pre-registered, by metadata document, as registered before,
 * or registered now (specification: Client Registration, in this order).
 * @throws AuthorizationError
 */
export async function register(
  flow: Flow,
  to: { readonly issuer: AuthorizationServer; readonly server: URL; readonly store: CredentialStore },
  identity: Identity,
  needs: RegistrationNeeds,
): Promise<ClientRegistration> {
  const { issuer: authority, server, store } = to
  const { issuer } = authority
  const known = await preRegistered(store, server, issuer, identity.clients ?? [])
  if (known !== undefined) return known
  const { clientMetadataUrl } = identity
  if (clientMetadataUrl !== undefined && authority['client_id_metadata_document_supported'] === true) {
    return { clientId: metadataUrl(clientMetadataUrl), authMethod: 'none' }
  }
  const kept = await readRegistration(store, issuer)
  if (kept !== undefined && fits(kept, needs)) return kept.client
  if (authority.registration_endpoint === undefined) {
    throw new AuthorizationError(
      step,
      `${issuer} registers no clients by itself; register this client there by hand and give its client id`,
    )
  }
  const fresh = await registerNow(flow, authority, identity.clientName, needs)
  await writeRegistration(store, fresh)
  return fresh.client
}

/** The one for this issuer. There are some, and none is: that is told, and no other way is tried. */
async function preRegistered(
  store: CredentialStore,
  server: URL,
  issuer: string,
  clients: readonly PreRegistered[],
): Promise<ClientRegistration | undefined> {
  const named = clients.find(client => client.issuer === issuer)
  if (named !== undefined) return named
  const open = clients.find(client => client.issuer === undefined)
  if (open !== undefined) {
    await keepToIssuer(store, server, issuer, { clientId: open.clientId })
    return open
  }
  if (clients.length === 0) return undefined
  const others = clients.map(client => client.issuer).join(', ')
  throw new AuthorizationError(
    step,
    `${told(server)} names authorization server ${issuer}, and the client ids given are for ${others}; give one for ${issuer}`,
  )
}

/** What the URL of a metadata document may be (draft-ietf-oauth-client-id-metadata-document-00 section 3). */
function metadataUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const isPlain = url?.username === '' && url.password === '' && !/#|\/(?:\.|%2e){1,2}(?:[/?]|$)/i.test(text)
  if (url?.protocol === 'https:' && url.pathname !== '/' && isPlain) return text
  const message = `the URL of this client's metadata document is ${quoted(url === undefined ? text : told(url))}; expected https with a path, and no user, dots as a segment or fragment`
  throw new AuthorizationError(step, message)
}

/**
 * Age from which a registration is not used any more. Servers forget clients that come too seldom, and tell it the person
 * alone, on a page that this client never hears of; those that do so after less time cost one login.
 */
const longestUseMs = 30 * 24 * 60 * 60_000

/** Seconds that a secret must still live to be used for a login, which takes a person some minutes. */
const secretReserveSec = 600

/**
 * A kept registration is used for a redirect address that it names, exactly: not every server lets the port of a
 * loopback address change, and the person would see an error page that this client never hears of.
 */
function fits(kept: KeptRegistration, needs: RegistrationNeeds): boolean {
  const { client, redirectUris, grantTypes, registeredAtMs } = kept
  const endsAt = client.secretExpiresAt ?? 0
  const hasSecret = endsAt === 0 || endsAt > Date.now() / 1000 + secretReserveSec
  const isLive = hasSecret && registeredAtMs + longestUseMs > Date.now()
  const hasRedirect = needs.redirectUri === undefined || redirectUris.includes(needs.redirectUri)
  return isLive && hasRedirect && grantTypes.includes(needs.grantType)
}

/** Dynamic registration (RFC 7591). */
async function registerNow(
  flow: Flow,
  authority: AuthorizationServer,
  clientName: string,
  needs: RegistrationNeeds,
): Promise<KeptRegistration> {
  const { issuer, registration_endpoint: endpoint = '' } = authority
  flow.onStep(step, `registering at ${issuer}`)
  const redirectUris = needs.redirectUri === undefined ? [] : [needs.redirectUri]
  const grantTypes = [needs.grantType, 'refresh_token']
  const metadata = {
    client_name: clientName,
    application_type: needs.redirectUri === undefined ? 'native' : applicationType(needs.redirectUri),
    ...(redirectUris.length > 0 && { redirect_uris: redirectUris }),
    ...(needs.grantType === 'authorization_code' ? { response_types: ['code'] } : { response_types: [] }),
    grant_types: grantTypes,
    token_endpoint_auth_method: preferredMethod(authority),
  }
  const from = `the registration endpoint ${told(endpoint)}`
  const { status, body } = await post(flow, endpoint, from, metadata)
  if (status !== 201 && status !== 200) throw refused(from, status, body)
  return { issuer, client: readClient(from, body), redirectUris, grantTypes, registeredAtMs: Date.now() }
}

/** OpenID Connect Dynamic Client Registration section 2: what the client is decides which redirects it may have. */
function applicationType(redirectUri: string): 'native' | 'web' {
  const url = new URL(redirectUri)
  return url.protocol === 'https:' && !isLoopbackHost(url.hostname) ? 'web' : 'native'
}

/** A client on a person's machine keeps no secret, so it asks for none where the server lets it. */
function preferredMethod({ token_endpoint_auth_methods_supported: supported }: AuthorizationServer): string {
  const methods = ['none', 'client_secret_basic', 'client_secret_post']
  return supported === undefined ? 'none' : (methods.find(method => supported.includes(method)) ?? 'none')
}

async function post(
  flow: Flow,
  endpoint: string,
  from: string,
  metadata: object,
): Promise<{ readonly status: number; readonly body: Document }> {
  const signal = AbortSignal.any([flow.signal, AbortSignal.timeout(limits.answerMs)])
  try {
    const response = await flow.fetch(endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify(metadata),
      redirect: 'manual',
      signal,
    })
    const text = await boundedText(response, limits.answerBytes)
    return { status: response.status, body: objectIn(text) ?? {} }
  } catch (error) {
    flow.signal.throwIfAborted()
    throw new AuthorizationError(step, `${from} can't be reached: ${reasonOf(error)}`)
  }
}

function refused(from: string, status: number, { error, error_description: why }: Document): AuthorizationError {
  const code = typeof error === 'string' && /^[\w.-]{1,80}$/.test(error) ? error : undefined
  const said = typeof why === 'string' ? `, ${quoted(why)}` : ''
  const facts = code === undefined ? `HTTP ${status}` : `${code}${said}`
  const message = `${from} refused to register this client: ${facts}; register it there by hand and give its client id`
  return new AuthorizationError(step, message, code === undefined ? {} : { oauthError: code })
}

/** RFC 7591 section 3.2.1. Nothing of a broken answer is repeated, since a secret may be in it. */
function readClient(from: string, body: Document): ClientRegistration {
  const { client_id: clientId, client_secret: secret, client_secret_expires_at: endsAt } = body
  const fail = (why: string): never => {
    throw new AuthorizationError(step, `${from} registered this client in a way that it can't use: ${why}`)
  }
  if (typeof clientId !== 'string' || clientId === '') return fail('it gave no client_id')
  if (secret !== undefined && typeof secret !== 'string') return fail('client_secret is no text')
  const authMethod = methodOf(body['token_endpoint_auth_method'], secret)
  if (authMethod === undefined) return fail('it wants another token_endpoint_auth_method than was asked for')
  return {
    clientId,
    authMethod,
    ...(secret !== undefined && { clientSecret: secret }),
    ...(typeof endsAt === 'number' && { secretExpiresAt: endsAt }),
  }
}

function methodOf(method: unknown, secret: string | undefined): ClientRegistration['authMethod'] | undefined {
  if (method === 'none' || (method === undefined && secret === undefined)) return 'none'
  if (secret === undefined) return undefined
  if (method === undefined) return 'client_secret_basic'
  return method === 'client_secret_basic' || method === 'client_secret_post' ? method : undefined
}
