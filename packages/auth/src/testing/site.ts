import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface SiteRequest {
  readonly method: string
  /** Without the query. */
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export interface SiteAnswer {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** Text is sent as it is, anything else as JSON. */
  readonly body?: unknown
}

/** A web server on loopback that says what a test wants it to. */
export interface Site extends AsyncDisposable {
  readonly origin: string
  /** "GET /path", in the order in which requests came. */
  readonly requests: string[]
  /** Answers by "GET /path"; what has none is not found. */
  readonly pages: Record<string, SiteAnswer | ((request: SiteRequest) => SiteAnswer | Promise<SiteAnswer>)>
}

export async function startSite(pages: Site['pages'] = {}): Promise<Site> {
  const requests: string[] = []
  const server = createServer(async (incoming, outgoing) => {
    let body = ''
    for await (const piece of incoming.setEncoding('utf8')) body += piece
    const method = incoming.method ?? ''
    const path = (incoming.url ?? '').replace(/\?.*/, '')
    requests.push(`${method} ${path}`)
    const page = pages[`${method} ${path}`] ?? { status: 404 }
    const request = { method, path, headers: incoming.headers, body }
    const answer = typeof page === 'function' ? await page(request) : page
    const isText = typeof answer.body === 'string'
    const type = { 'content-type': isText ? 'text/plain' : 'application/json' }
    outgoing.writeHead(answer.status ?? 200, { ...type, ...answer.headers })
    outgoing.end(isText ? answer.body : answer.body === undefined ? '' : JSON.stringify(answer.body))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    pages,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}
