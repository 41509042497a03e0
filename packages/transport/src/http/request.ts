import type { Pieces } from '@interlock/protocol'
import type { Headers } from './headers.ts'

/** What the shared code of the HTTP edge needs of a platform: one request and the way to answer it. */
export interface HttpRequest {
  readonly method: string
  /** Path and query as they were sent. */
  readonly url: string
  /** A header's value by lower-case name; several of one name joined by ", ". */
  header(name: string): string | undefined
  /** How often a header of this lower-case name was sent: platforms join or drop the further ones. */
  headerCount(name: string): number
  /** Reads the whole body as text; what is above the limit is not kept. Called once, for POST only. */
  body(maximumBytes: number): Promise<Body>
  /** Answers with a whole body in one write. `pieces` are the same text, for platforms that write bytes. */
  respond(status: number, headers: Headers, text?: string, pieces?: Pieces): void
  /** Answers with a stream of text. */
  stream(status: number, headers: Headers): TextStream
  /** Calls back once when the client is gone before the answer was complete, at once when it is gone already. */
  onGone(listener: () => void): void
}

export type Body =
  | { readonly kind: 'text'; readonly text: string }
  /** `prefix` is what was read of it: enough to find an id that stands early. */
  | { readonly kind: 'oversize'; readonly prefix: Uint8Array }
  | { readonly kind: 'gone' }

export interface TextStream {
  write(text: string): void
  /** Bytes waiting for a client that does not read. */
  readonly buffered: number
  end(text?: string): void
  /** Drops what waits and closes the connection. */
  cut(): void
}
