import { request as httpRequest } from 'node:http'
import { metaKey, newest, request } from '@interlock/protocol'
import { server, text, tool } from '@interlock/server'
import { standardHeaders } from '@interlock/transport'
import { listenHttp } from '@interlock/transport/node'
import type { ProtectOptions } from '../resource/options.ts'
import { protect } from '../resource/protect.ts'

/** What came back for one request. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly challenge: string
  readonly text: string
}

/** Values by header name; several lines of one name as a list. */
export type HeaderLines = Readonly<Record<string, string | readonly string[]>>

export interface AskOptions {
  /** Default: the endpoint's. */
  readonly path?: string | undefined
  readonly tool?: 'whoami' | 'write'
}

export interface ProtectedServer extends AsyncDisposable {
  /** The endpoint, and the resource. */
  readonly url: URL
  readonly sseUrl: URL | undefined
  /** What was reported to the operator. */
  readonly reports: string[]
  /** Calls a tool (`whoami`, or `write`, which needs `files:write`) with these headers, in the newest revision. */
  ask(headers: HeaderLines, options?: AskOptions): Promise<Answer>
  /** The same with a bearer token. */
  bearer(token: string): Promise<Answer>
}

const whoami = tool('whoami', {}, (_args, { principal }) => text(JSON.stringify(principal)))
const write = tool('write', { scopes: ['files:write'] }, () => 'written')

/** A server whose resource is the address that it listens on, unless it has another one. */
export async function protectedServer(
  options: Omit<ProtectOptions, 'resource'> & Partial<Pick<ProtectOptions, 'resource'>>,
): Promise<ProtectedServer> {
  const reports: string[] = []
  const { receiver } = server({ name: 'guarded', version: '1.0.0', tools: [whoami, write] })
  const listener = await listenHttp(receiver, {
    sse: true,
    auth: endpoint => protect({ report: problem => void reports.push(problem), resource: endpoint, ...options }),
  })
  const ask = (headers: HeaderLines, { path = '/mcp', tool = 'whoami' }: AskOptions = {}): Promise<Answer> =>
    send(new URL(path, listener.url), headers, tool)
  return {
    url: listener.url,
    sseUrl: listener.sseUrl,
    reports,
    ask,
    bearer: token => ask({ authorization: `Bearer ${token}` }),
    [Symbol.asyncDispose]: () => listener.close(0),
  }
}

/** `fetch` would put lines of one name together. */
function send(url: URL, headers: HeaderLines, name: string): Promise<Answer> {
  const meta = { [metaKey.protocolVersion]: newest.version, [metaKey.clientCapabilities]: {} }
  const params = { name, arguments: {} }
  const body = JSON.stringify(request(1, 'tools/call', { ...params, _meta: meta }))
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(url, { method: 'POST', agent: false }, incoming => {
      let text = ''
      incoming.setEncoding('utf8')
      incoming.on('data', (chunk: string) => {
        text += chunk
      })
      incoming.on('end', () => {
        const challenge = incoming.headers['www-authenticate'] ?? ''
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, challenge, text })
      })
    })
    outgoing.on('error', reject)
    const all: HeaderLines = {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...standardHeaders('tools/call', params, newest.version),
      ...headers,
    }
    for (const [name, value] of Object.entries(all)) outgoing.setHeader(name, value)
    outgoing.end(body)
  })
}
