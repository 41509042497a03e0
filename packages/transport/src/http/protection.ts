import type { Delivery, Principal } from '@interlock/protocol'
import type { Headers } from './headers.ts'
import type { HttpRequest } from './request.ts'

/** A request turned away, as it is answered. */
export interface Refusal {
  readonly status: number
  readonly headers: Headers
  readonly text?: string
}

/** What protects an endpoint: `protect` of the authorization package makes one. */
export interface Protection {
  /**
   * Tells who sends a request (undefined: somebody who need not say), or turns it away. Asked for every request but the
   * preflights of browsers. A rejection is answered with status 500.
   */
  authenticate(request: HttpRequest): Promise<Principal | Refusal | undefined>
  /** JSON documents by path, served to everybody, from any origin: what a client reads before it has a token. */
  readonly documents?: Readonly<Record<string, object>>
  /** The answer to a principal that needs more scopes: these and no fewer, all at once. Default: 403 and no header. */
  challenge?(scopes: readonly string[], request: HttpRequest): Delivery
}

/** Serves the documents of a protection. @returns whether the path was one of theirs */
export function documentEdge({ documents = {} }: Protection): (request: HttpRequest, asked: string) => boolean {
  const texts = new Map(Object.entries(documents).map(([path, document]) => [path, JSON.stringify(document)]))
  return (request, asked) => {
    const text = texts.get(asked)
    if (text === undefined) return false
    if (request.method === 'GET') request.respond(200, documentHeaders, text)
    else if (request.method === 'OPTIONS') request.respond(204, documentHeaders)
    else request.respond(405, { ...documentHeaders, allow: 'GET, OPTIONS' })
    return true
  }
}

const documentHeaders: Headers = {
  'content-type': 'application/json',
  'cache-control': 'public, max-age=300',
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'GET, OPTIONS',
  'access-control-allow-headers': '*',
}
