import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { exportJWK, generateKeyPair, type JWK } from 'jose'
import type Provider from 'oidc-provider'
import type { JWKS } from 'oidc-provider'
import { type AgreeOptions, person } from './person.ts'
import { configurationOf, interactionPath, type ProviderOptions } from './provider-configuration.ts'

export type { AgreeOptions } from './person.ts'
export type { ProviderOptions, ResourceSettings } from './provider-configuration.ts'

/** An authorization server on loopback. */
export interface TestProvider extends AsyncDisposable {
  /** As its metadata has it, without a slash at the end. */
  readonly issuer: string
  /** Client ID Metadata Documents by https URL: what the provider finds there, without any traffic. */
  readonly documents: Map<string, object>
  /** Its private keys now, to forge tokens with. */
  readonly keys: () => readonly JWK[]
  /** Requests that came, as "GET /path", since the start. */
  readonly requests: string[]
  /** Walks an authorization URL through login and consent, without a browser. @returns the redirect to the client */
  agree(url: URL | string, options?: AgreeOptions): Promise<URL>
  /** Enters the code of the device grant and agrees. @param url `verification_uri_complete` */
  enterCode(url: URL | string, options?: AgreeOptions): Promise<void>
  /** Replaces the signing keys while serving. Grants and sessions stay. @param keep also publishes the old ones */
  rotateKeys(keep?: 'keep'): Promise<void>
  /** Closes the port. What was granted is remembered for `start`. */
  stop(): Promise<void>
  /** Listens on the same port again. */
  start(): Promise<void>
}

/**
 * Starts `oidc-provider` on loopback, for tests: code with PKCE, refresh with rotation, client credentials, device grant,
 * dynamic registration, metadata documents, resource indicators, DPoP, revocation, introspection.
 * @example
 * await using provider = await startProvider({ resources: { 'http://127.0.0.1:9/mcp': { format: 'opaque' } } })
 * const redirect = await provider.agree(authorizationUrl)
 */
export async function startProvider(options: ProviderOptions = {}): Promise<TestProvider> {
  const OidcProvider = await load()
  const documents = new Map<string, object>()
  const configure = configurationOf(options, documents)
  const requests: string[] = []
  let handle: (request: IncomingMessage, response: ServerResponse) => void = (_request, response) => response.end()
  const server: Server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url?.replace(/\?.*/, '')}`)
    handle(request, response)
  })
  await listen(server, 0)
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const issuer = `http://127.0.0.1:${port}${options.path ?? ''}`

  let jwks: JWKS = { keys: [await newKey('ES256')] }
  const renew = (): void => {
    const provider = quietly(() => new OidcProvider(issuer, configure(jwks)))
    provider.silent = true
    const callback = provider.callback()
    handle = (request, response) => {
      if (request.url?.includes(interactionPath) === true) return void answer(provider, request, response)
      if (options.path !== undefined) mount(request, options.path)
      return void callback(request, response)
    }
  }
  renew()
  const stop = async (): Promise<void> => {
    if (!server.listening) return
    const closed = new Promise<void>(resolve => server.close(() => resolve()))
    server.closeAllConnections()
    await closed
  }
  return {
    issuer,
    documents,
    requests,
    keys: () => jwks.keys as readonly JWK[],
    agree: (url, own) => person(new URL(issuer), own).agree(url),
    enterCode: (url, own) => person(new URL(issuer), own).enterCode(url),
    async rotateKeys(keep) {
      jwks = { keys: [await newKey('ES256'), ...(keep === undefined ? [] : jwks.keys)] }
      renew()
    },
    stop,
    start: () => listen(server, port),
    [Symbol.asyncDispose]: stop,
  }
}

/** Loads the library, which remarks on versions of Node that it does not know. */
async function load(): Promise<typeof Provider> {
  const { warn } = console
  console.warn = () => undefined
  try {
    // The library needs it, and Node 20 does not have it.
    URL.parse ??= (url, base) => (URL.canParse(url, base) ? new URL(url, base) : null)
    return (await import('oidc-provider')).default
  } finally {
    console.warn = warn
  }
}

function quietly<T>(make: () => T): T {
  const { warn, info } = console
  console.warn = console.info = () => undefined
  try {
    return make()
  } finally {
    Object.assign(console, { warn, info })
  }
}

async function newKey(alg: 'ES256'): Promise<JWKS['keys'][number]> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true })
  return { ...(await exportJWK(privateKey)), alg, use: 'sig', kid: crypto.randomUUID() } as JWKS['keys'][number]
}

/** The library serves below a path when it is mounted there by a framework, which tells it the original URL. */
function mount(request: IncomingMessage & { originalUrl?: string }, path: string): void {
  const url = request.url ?? '/'
  const wellKnown = /^\/\.well-known\/(?:oauth-authorization-server|openid-configuration)(?=\/)/.exec(url)?.[0]
  if (wellKnown !== undefined && url === `${wellKnown}${path}`) {
    request.originalUrl = `${path}${wellKnown}`
    request.url = wellKnown
  } else if (url.startsWith(`${path}/`)) {
    request.originalUrl = url
    request.url = url.slice(path.length)
  }
}

/** Login and consent of whoever `person.ts` says it is, in place of pages. */
async function answer(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const { prompt, params, session, grantId } = await provider.interactionDetails(request, response)
    if (prompt.name === 'login') {
      const accountId = String(request.headers['x-account'] ?? 'alice')
      return await provider.interactionFinished(request, response, { login: { accountId } })
    }
    if (request.headers['x-refuses'] !== undefined) {
      return await provider.interactionFinished(request, response, { error: 'access_denied' })
    }
    const grant =
      (grantId === undefined ? undefined : await provider.Grant.find(grantId)) ??
      new provider.Grant({ accountId: session?.accountId ?? '', clientId: String(params['client_id']) })
    const { missingOIDCScope, missingResourceScopes } = prompt.details as {
      readonly missingOIDCScope?: readonly string[]
      readonly missingResourceScopes?: Readonly<Record<string, readonly string[]>>
    }
    if (missingOIDCScope !== undefined) grant.addOIDCScope(missingOIDCScope.join(' '))
    for (const [resource, scopes] of Object.entries(missingResourceScopes ?? {})) {
      grant.addResourceScope(resource, scopes.join(' '))
    }
    await provider.interactionFinished(
      request,
      response,
      { consent: { grantId: await grant.save() } },
      { mergeWithLastSubmission: true },
    )
  } catch (error) {
    response.writeHead(500).end(String(error))
  }
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject)
      resolve()
    })
  })
}
