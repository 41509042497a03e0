import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { AuthorizationError, type Redirect } from '../client/contract.ts'

export interface LoopbackOptions {
  /** Port to listen on; 0, the default: any free one, which authorization servers have to accept (RFC 8252 section 7.3). */
  readonly port?: number
  /** Path of the redirect URI. Default: `/callback`. */
  readonly path?: string
  /** Host in the redirect URI; `localhost` only for a client that is registered so. Listens on 127.0.0.1 in either case. */
  readonly host?: '127.0.0.1' | 'localhost'
}

/** A browser makes one connection and perhaps a few in advance. More come from somebody else. */
const connections = 16
/** Time for a request's head. It comes from this machine. */
const headMs = 5000

/**
 * Listens on loopback for the redirect of an authorization endpoint, and accepts exactly one: the first page that a
 * browser is sent to, on the right path and host, which has a `code` or an `error`. Scripts, images and frames of other
 * pages can't use it up. Whether the answer is the one that was asked for, its `state` tells the caller.
 * @throws AuthorizationError when the port can't be had
 */
export async function loopbackRedirect(options: LoopbackOptions = {}): Promise<Redirect> {
  const { host = '127.0.0.1', path = '/callback' } = options
  const { promise, settle, fail } = outcome()
  let isOpen = true
  const server = createServer({ headersTimeout: headMs, requestTimeout: headMs, keepAlive: false })
  server.maxConnections = connections
  const port = await listen(server, options.port ?? 0)
  const redirectUri = new URL(path, `http://${host}:${port}`)
  server.on('request', (request, response) => {
    const url = isOpen ? answerIn(request, redirectUri) : undefined
    if (url !== undefined) {
      isOpen = false
      // Only then may the caller close the server: the person is to see the page.
      response.once('close', () => settle(url))
    }
    respond(response, url === undefined ? 404 : 200)
  })
  const close = async () => {
    isOpen = false
    fail(new AuthorizationError('authorization', 'the wait for the answer in the browser was ended'))
    const closed = new Promise<void>(resolve => server.close(() => resolve()))
    server.closeAllConnections()
    await closed
  }
  return { redirectUri: redirectUri.href, answer: signal => until(promise, signal), close }
}

/** What the browser was sent to, when the request is such an answer. */
function answerIn(request: IncomingMessage, redirectUri: URL): URL | undefined {
  const target = request.url ?? ''
  if (request.method !== 'GET' || request.headers.host !== redirectUri.host) return undefined
  if (!target.startsWith('/') || !URL.canParse(redirectUri.origin + target)) return undefined
  const url = new URL(redirectUri.origin + target)
  if (url.pathname !== redirectUri.pathname || !isPage(request)) return undefined
  return url.searchParams.has('code') || url.searchParams.has('error') ? url : undefined
}

/** Browsers say what they fetch something for (Fetch Metadata); a script's request has `empty` there. */
const isPage = ({ headers }: IncomingMessage): boolean => (headers['sec-fetch-dest'] ?? 'document') === 'document'

const style = 'body{font:1.1rem/1.5 system-ui,sans-serif;max-width:32rem;margin:20vh auto;padding:0 1rem}'

/** Nothing of the request is in the page, and nothing in it can run. */
const page = (text: string): string =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="color-scheme" content="light dark">` +
  `<title>Interlock</title><style>${style}</style><p>${text}</p></html>`

const headers = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy':
    `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; ` +
    `base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  connection: 'close',
}

const respond = (response: ServerResponse, status: 200 | 404): unknown =>
  response
    .writeHead(status, headers)
    .end(
      page(status === 200 ? 'You can close this page and go back to where you started to log in.' : 'Nothing is here.'),
    )

async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const reason = error.code === 'EADDRINUSE' ? 'it is in use; choose another one' : (error.code ?? error.message)
      const message = `can't listen on port ${port} of 127.0.0.1 for the answer of the browser: ${reason}`
      reject(new AuthorizationError('authorization', message))
    })
    server.listen(port, '127.0.0.1', resolve)
  })
  const address = server.address()
  return address !== null && typeof address === 'object' ? address.port : port
}

/** A promise of the one answer. */
function outcome() {
  let settle!: (url: URL) => void
  let fail!: (error: Error) => void
  const promise = new Promise<URL>((resolve, reject) => {
    settle = resolve
    fail = reject
  })
  // Nobody may be waiting when the wait is ended.
  promise.catch(() => undefined)
  return { promise, settle, fail }
}

/** The promise's outcome, unless the signal is aborted first. */
function until<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const leave = () => reject(signal.reason)
    if (signal.aborted) leave()
    signal.addEventListener('abort', leave, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave))
  })
}
