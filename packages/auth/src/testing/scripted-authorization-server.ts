import { createServer, type IncomingMessage } from 'node:http'
import { inspect } from 'node:util'
import type { AuthorizationServer } from 'oauth4webapi'
import type { GrantRequest } from '../client/contract.ts'

/** What the server says to one request. An object is sent as JSON, text and bytes as they are. */
export interface ScriptedAnswer {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: object | string
  /** Sends nothing at all. `drop` closes the connection. */
  readonly instead?: 'hang' | 'drop'
}

export interface ReceivedRequest {
  readonly path: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly form: Readonly<Record<string, string>>
}

/** An authorization server on loopback that says what a test wants it to say. */
export interface ScriptedServer extends AsyncDisposable {
  readonly metadata: AuthorizationServer
  readonly requests: readonly ReceivedRequest[]
  /** A request for tokens from it. */
  request(own?: Partial<GrantRequest>): GrantRequest
}

/** @param script answers in turn; the last one is repeated. A function answers every request */
export async function scriptedServer(
  script: readonly ScriptedAnswer[] | ((request: ReceivedRequest) => ScriptedAnswer),
): Promise<ScriptedServer> {
  const requests: ReceivedRequest[] = []
  const server = createServer(async (incoming, response) => {
    const request = await received(incoming)
    requests.push(request)
    const answer = typeof script === 'function' ? script(request) : script[Math.min(requests.length, script.length) - 1]
    const { status = 200, headers = {}, body = '', instead } = answer ?? {}
    if (instead === 'drop') return void incoming.socket.destroy()
    if (instead === 'hang') return
    response.writeHead(status, { 'content-type': 'application/json', ...headers })
    response.end(typeof body === 'string' ? body : JSON.stringify(body))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const issuer = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
  const metadata: AuthorizationServer = {
    issuer,
    token_endpoint: `${issuer}/token`,
    device_authorization_endpoint: `${issuer}/device`,
  }
  return {
    metadata,
    requests,
    request: own => grantRequest(metadata, own),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

/** A request for tokens from any server, with the platform's `fetch`. */
export function grantRequest(server: AuthorizationServer, own: Partial<GrantRequest> = {}): GrantRequest {
  return {
    server,
    resource: 'https://mcp.example/mcp',
    scope: undefined,
    fetch: (url, init) => fetch(url, init),
    signal: new AbortController().signal,
    prover: undefined,
    registration: () => Promise.reject(new Error('this grant brings its own client')),
    ...own,
  }
}

/** All that a log could show of an error: message, stack, causes, hidden members. */
export const everythingIn = (error: unknown): string =>
  inspect(error, { depth: 20, showHidden: true, maxStringLength: null })

async function received(incoming: IncomingMessage): Promise<ReceivedRequest> {
  let text = ''
  for await (const chunk of incoming.setEncoding('utf8')) text += String(chunk)
  const { pathname } = new URL(incoming.url ?? '/', 'http://scripted')
  return { path: pathname, headers: incoming.headers, form: Object.fromEntries(new URLSearchParams(text)) }
}
