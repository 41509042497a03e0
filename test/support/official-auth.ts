import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text as textOf } from 'node:stream/consumers'
import { InvalidTokenError } from '@modelcontextprotocol/sdk/server/auth/errors.js'
import { requireBearerAuth as bearerV1 } from '@modelcontextprotocol/sdk/server/auth/middleware/bearerAuth.js'
import { mcpAuthMetadataRouter } from '@modelcontextprotocol/sdk/server/auth/router.js'
import { createMcpExpressApp } from '@modelcontextprotocol/sdk/server/express.js'
import { McpServer as McpServerV1 } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import {
  requireBearerAuth as bearerV2,
  createMcpHandler,
  getOAuthProtectedResourceMetadataUrl,
  McpServer as McpServerV2,
  OAuthError,
  OAuthErrorCode,
  oauthMetadataResponse,
  requireScopes,
} from '@modelcontextprotocol/server'
import { metadataOf, secretClient } from '../../packages/auth/src/testing/flows.ts'
import type { TestProvider } from '../../packages/auth/src/testing/provider.ts'

/** What the official libraries keep for a person: the same members in both generations. */
export interface Kept {
  client?: object
  tokens?: object
  verifier?: string
  discovery?: object
}

/**
 * The official way to log in: callbacks of the host, and a person who is sent to the authorization server.
 * @param client how the host is known there. Default: it registers itself
 */
export function officialPerson(provider: TestProvider, client?: object) {
  const kept: Kept = client === undefined ? {} : { client }
  const visits: URL[] = []
  const redirectUrl = 'http://127.0.0.1:1/callback' // nobody listens there: the answer is handed over in the process
  return {
    kept,
    visits,
    /** Agrees where the library sent the person last. */
    async answer(): Promise<URLSearchParams> {
      const url = visits.at(-1)
      if (url === undefined) throw new Error('nobody was sent anywhere')
      return (await provider.agree(url)).searchParams
    },
    callbacks: {
      redirectUrl,
      clientMetadata: {
        client_name: 'official',
        application_type: 'native' as const,
        redirect_uris: [redirectUrl],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        token_endpoint_auth_method: 'none',
      },
      state: () => 'a state',
      clientInformation: () => kept.client as never, // another library's type
      saveClientInformation: (client: object) => void (kept.client = client),
      tokens: () => kept.tokens as never, // another library's type
      saveTokens: (tokens: object) => void (kept.tokens = tokens),
      redirectToAuthorization: (url: URL) => void visits.push(url),
      saveCodeVerifier: (verifier: string) => void (kept.verifier = verifier),
      codeVerifier: () => kept.verifier ?? '',
      discoveryState: () => kept.discovery as never, // another library's type
      saveDiscoveryState: (discovery: object) => void (kept.discovery = discovery),
    },
  }
}

export interface OfficialServer extends AsyncDisposable {
  readonly url: URL
}

/** What is known of a token, in the words of both generations. */
interface Known {
  readonly token: string
  readonly clientId: string
  readonly scopes: string[]
  readonly expiresAt?: number
  readonly resource?: URL
  readonly extra: Record<string, unknown>
}

/** Asks the authorization server about a token, as the official examples do. @returns undefined when it is not good */
async function introspected(provider: TestProvider, token: string): Promise<Known | undefined> {
  const { introspection_endpoint: endpoint = '' } = await metadataOf(provider)
  const { client_id: id, client_secret: secret } = secretClient
  const basic = Buffer.from([id, secret].map(encodeURIComponent).join(':')).toString('base64')
  const answer = await fetch(endpoint, {
    method: 'POST',
    headers: { authorization: `Basic ${basic}` },
    body: new URLSearchParams({ token }),
  })
  const { active, client_id, scope, exp, aud, sub } = (await answer.json()) as Record<string, string | number | boolean>
  if (active !== true) return undefined
  return {
    token,
    clientId: String(client_id),
    scopes: String(scope).split(' '),
    expiresAt: Number(exp),
    resource: new URL(String(aud)),
    extra: { sub },
  }
}

const whoAmI = (subject: unknown) => ({ content: [{ type: 'text' as const, text: String(subject) }] })

/** A server of the first generation, protected as its examples are: Express, bearer middleware, metadata router. */
export async function v1Protected(provider: TestProvider): Promise<OfficialServer> {
  const { origin, serve, close } = await listening()
  const url = new URL('/mcp', origin)
  const app = createMcpExpressApp()
  const metadata = mcpAuthMetadataRouter({
    oauthMetadata: (await metadataOf(provider)) as never, // another library's type
    resourceServerUrl: url,
    scopesSupported: ['files:read'],
  })
  const guard = bearerV1({
    verifier: {
      async verifyAccessToken(token) {
        const known = await introspected(provider, token)
        if (known === undefined) throw new InvalidTokenError('unknown token')
        return known
      },
    },
    requiredScopes: ['files:read'],
    resourceMetadataUrl: getOAuthProtectedResourceMetadataUrl(url),
    expectedResource: url,
  })
  app.use(metadata)
  const answer = async (request: IncomingMessage & { body?: unknown }, response: ServerResponse): Promise<void> => {
    const made = new McpServerV1({ name: 'v1', version: '1.0.0' })
    made.registerTool('whoami', {}, ({ authInfo }) => whoAmI(authInfo?.extra?.['sub']))
    const transport = new StreamableHTTPServerTransport({}) // without sessions, one for each request
    await made.connect(transport as Parameters<McpServerV1['connect']>[0])
    await transport.handleRequest(request, response, request.body)
  }
  app.all('/mcp', guard, (request, response, next) => void answer(request, response).catch(next))
  serve(app)
  return { url, [Symbol.asyncDispose]: close }
}

/** A server of the second generation, protected as its documentation has it; one of its tools needs more scopes. */
export async function v2Protected(provider: TestProvider): Promise<OfficialServer> {
  const { origin, serve, close } = await listening()
  const url = new URL('/mcp', origin)
  const guard = bearerV2({
    verifier: {
      async verifyAccessToken(token) {
        const known = await introspected(provider, token)
        if (known === undefined) throw new OAuthError(OAuthErrorCode.InvalidToken, 'unknown token')
        return known
      },
    },
    requiredScopes: ['files:read'],
    resourceMetadataUrl: getOAuthProtectedResourceMetadataUrl(url),
    expectedResource: url,
  })
  const handler = createMcpHandler(() => {
    const made = new McpServerV2({ name: 'v2', version: '1.0.0' })
    made.registerTool('whoami', {}, ({ http }) => whoAmI(http?.authInfo?.extra?.['sub']))
    const scopeChallenge = requireScopes('files:read', 'files:write')
    made.registerTool('write', { scopeChallenge }, () => whoAmI('written'))
    return made
  })
  const oauthMetadata = (await metadataOf(provider)) as never // another library's type
  serve((request, response) =>
    passed(origin, request, response, async asked => {
      const document = oauthMetadataResponse(asked, { oauthMetadata, resourceServerUrl: url })
      if (document !== undefined) return document
      const known = await guard(asked)
      return known instanceof Response ? known : handler.fetch(asked, { authInfo: known })
    }),
  )
  return {
    url,
    async [Symbol.asyncDispose]() {
      await handler.close()
      await close()
    },
  }
}

/** A port, before it is known what serves there: metadata has its number. */
async function listening(): Promise<{
  readonly origin: string
  serve(listener: RequestListener): void
  close(): Promise<void>
}> {
  const http = createServer()
  await new Promise<void>(resolve => http.listen(0, '127.0.0.1', resolve))
  const { port } = http.address() as AddressInfo // it listens on a port
  return {
    origin: `http://127.0.0.1:${port}`,
    serve: listener => void http.on('request', listener),
    async close() {
      http.closeAllConnections()
      await new Promise(resolve => http.close(resolve))
    },
  }
}

/** Between Node's requests and the platform's. */
async function passed(
  origin: string,
  request: IncomingMessage,
  response: ServerResponse,
  answer: (request: Request) => Promise<Response>,
): Promise<void> {
  const { method = 'GET', headers } = request
  const body = method === 'POST' ? { body: await textOf(request) } : {}
  const known = Object.entries(headers).flatMap(([name, value]): [string, string][] =>
    typeof value === 'string' ? [[name, value]] : [],
  )
  const answered = await answer(new Request(new URL(request.url ?? '/', origin), { method, headers: known, ...body }))
  response.writeHead(answered.status, Object.fromEntries(answered.headers))
  response.flushHeaders()
  for await (const piece of answered.body ?? []) response.write(piece)
  response.end()
}
