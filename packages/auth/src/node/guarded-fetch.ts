import { lookup as systemLookup } from 'node:dns/promises'
import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { LookupFunction } from 'node:net'
import type { Fetch } from '../client/contract.ts'
import { checkAddress, checkRedirect, checkUrl, isLoopbackHost, type UrlPolicy } from '../client/url-policy.ts'
import { readBody } from './response-body.ts'

export interface FetchLimits {
  /** Largest body, after decompression. Metadata, key sets and token answers take a few KiB. */
  readonly bodyBytes: number
  /** Time for the whole answer, redirects included. A person waits for it. */
  readonly timeMs: number
  /** Redirects followed for one GET. Discovery needs none; a moved host needs one or two. */
  readonly redirects: number
}

export const fetchLimits: FetchLimits = { bodyBytes: 1024 * 1024, timeMs: 10_000, redirects: 3 }

/** Addresses of a name. The system's resolver unless another one is given. */
export type Resolve = (name: string) => Promise<readonly { readonly address: string; readonly family: number }[]>

/** No answer was had, or none that is taken. The message names the URL without its query, and never a header or body. */
export class FetchFailed extends TypeError {
  override readonly name = 'FetchFailed'
}

/**
 * Fetches URLs that somebody else named, under a policy. Every address a name resolves to has to pass, and the connection
 * goes to an address that did, so the name can't lead elsewhere in between. Redirects are followed for GET and HEAD
 * only, each checked like the first URL, without the caller's headers when the origin changes; `redirect: 'manual'`
 * hands them out. Proxies of the environment are not used.
 * @throws BlockedUrl, FetchFailed; the signal's reason when it is aborted
 */
export function guardedFetch(
  policy: UrlPolicy = {},
  limits: Partial<FetchLimits> = {},
  resolve: Resolve = name => systemLookup(name, { all: true }),
): Fetch {
  const effective = { ...fetchLimits, ...limits }
  return async (url, init = {}) => {
    const first = checkUrl(url, policy)
    const request = new Request(first, { ...init, signal: null })
    const body = request.body === null ? undefined : Buffer.from(await request.arrayBuffer())
    const hops = { policy, limits: effective, lookup: vetted(policy, resolve), redirect: request.redirect }
    return within(effective.timeMs, first, init.signal ?? undefined, signal =>
      follow(hops, { url: first, method: request.method, headers: request.headers, body }, signal),
    )
  }
}

interface Outgoing {
  readonly url: URL
  readonly method: string
  readonly headers: Headers
  readonly body: Buffer | undefined
}

interface Hops {
  readonly policy: UrlPolicy
  readonly limits: FetchLimits
  readonly lookup: LookupFunction
  readonly redirect: Request['redirect']
}

const redirectStatuses: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

async function follow(hops: Hops, first: Outgoing, signal: AbortSignal): Promise<Response> {
  let outgoing = first
  for (let redirects = 0; ; redirects++) {
    const incoming = await exchange(outgoing, hops.lookup, signal)
    const { location } = incoming.headers
    const isRedirect = redirectStatuses.has(incoming.statusCode ?? 0) && location !== undefined
    if (!isRedirect || hops.redirect === 'manual') return answer(incoming, outgoing.url, hops.limits)
    incoming.destroy()
    if (outgoing.method !== 'GET' && outgoing.method !== 'HEAD') {
      throw new FetchFailed(`${tell(outgoing.url)} redirects a ${outgoing.method}, which is not followed`)
    }
    if (hops.redirect === 'error' || redirects >= hops.limits.redirects) {
      throw new FetchFailed(`${tell(first.url)} redirects more than ${redirects} times, which is not followed`)
    }
    outgoing = redirected(outgoing, location, hops.policy)
  }
}

function redirected(from: Outgoing, location: string, policy: UrlPolicy): Outgoing {
  const url = checkRedirect(from.url, location, policy)
  if (url.origin === from.url.origin) return { ...from, url }
  const accept = from.headers.get('accept')
  return { ...from, url, headers: new Headers(accept === null ? {} : { accept }) }
}

/** Sends one request on a connection of its own and resolves with the head of its answer. */
function exchange(outgoing: Outgoing, lookup: LookupFunction, signal: AbortSignal): Promise<IncomingMessage> {
  const { url, method, body } = outgoing
  const headers = Object.fromEntries(outgoing.headers)
  for (const name of ['host', 'connection', 'transfer-encoding', 'content-length', 'expect']) delete headers[name]
  headers['accept-encoding'] = 'gzip, deflate, br'
  headers['content-length'] = String(body?.length ?? 0)
  if (body === undefined && (method === 'GET' || method === 'HEAD')) delete headers['content-length']
  const options: RequestOptions = {
    agent: false,
    hostname: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port,
    path: url.pathname + url.search,
    method,
    headers,
    lookup,
    signal,
  }
  return new Promise((resolve, reject) => {
    const request = url.protocol === 'https:' ? httpsRequest(options) : httpRequest(options)
    request.once('response', resolve)
    request.on('error', error => reject(unreachable(url, error)))
    request.end(body)
  })
}

/** Resolves a name once, lets nothing through unless all of its addresses pass, and connects to one of these. */
const vetted =
  (policy: UrlPolicy, resolve: Resolve): LookupFunction =>
  (name, options, callback) => {
    const found = async () => {
      const addresses = await resolve(isLoopbackHost(name) ? 'localhost' : name)
      for (const { address } of addresses) checkAddress(name, address, policy)
      const fitting = addresses.filter(({ family }) => !options.family || options.family === family)
      const [first] = fitting
      if (first === undefined) throw new FetchFailed(`"${name}" has no address`)
      return { first, fitting }
    }
    found().then(
      ({ first, fitting }) => {
        if (options.all) callback(null, [...fitting])
        else callback(null, first.address, first.family)
      },
      (error: Error) => callback(error, ''),
    )
  }

async function answer(incoming: IncomingMessage, url: URL, { bodyBytes }: FetchLimits): Promise<Response> {
  const body = await readBody(incoming, bodyBytes).catch((error: Error) => {
    throw unreachable(url, error)
  })
  if (body.kind === 'refused') throw new FetchFailed(`${tell(url)} ${body.reason}`)
  const headers = new Headers()
  for (const [name, values = []] of Object.entries(incoming.headersDistinct)) {
    if (!spent.has(name)) for (const value of values) headers.append(name, value)
  }
  return new Response(body.bytes.length === 0 ? null : body.bytes, { status: incoming.statusCode ?? 0, headers })
}

/** Headers that spoke of the body as it was on the wire, or mean nothing without a cookie jar. */
const spent: ReadonlySet<string> = new Set(['content-encoding', 'content-length', 'transfer-encoding', 'set-cookie'])

/** Runs work under a signal that is aborted by the caller's, or when time is up. */
async function within<T>(
  timeMs: number,
  url: URL,
  outer: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  outer?.throwIfAborted()
  const controller = new AbortController()
  const expire = () => controller.abort(new FetchFailed(`${tell(url)} did not answer within ${timeMs / 1000} s`))
  const leave = () => controller.abort(outer?.reason)
  const timer = setTimeout(expire, timeMs)
  outer?.addEventListener('abort', leave, { once: true })
  try {
    return await work(controller.signal)
  } catch (error) {
    throw controller.signal.aborted ? controller.signal.reason : error
  } finally {
    clearTimeout(timer)
    outer?.removeEventListener('abort', leave)
  }
}

/** Only the code of a foreign error is kept: a parser's error holds the bytes of the answer, tokens and all. */
function unreachable(url: URL, error: Error): Error {
  if (error instanceof TypeError && (error.name === 'BlockedUrl' || error.name === 'FetchFailed')) return error
  const code = 'code' in error && typeof error.code === 'string' ? error.code : 'connection lost'
  return new FetchFailed(`${tell(url)} could not be fetched: ${plain[code] ?? code}`)
}

const plain: Readonly<Record<string, string>> = {
  ENOTFOUND: 'no such host (ENOTFOUND)',
  EAI_AGAIN: 'the name could not be resolved (EAI_AGAIN)',
  ECONNREFUSED: 'nobody listens there (ECONNREFUSED)',
  ECONNRESET: 'the connection was closed (ECONNRESET)',
}

function tell(url: URL): string {
  const text = `${url.origin}${url.pathname}`
  return text.length > 200 ? `${text.slice(0, 200)}…` : text
}
