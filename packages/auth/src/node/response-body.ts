import type { IncomingMessage } from 'node:http'
import { pipeline, type Readable, type Transform } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'

export type Body =
  | { readonly kind: 'whole'; readonly bytes: Uint8Array<ArrayBuffer> }
  /** What the answer did wrong, to be said after its URL. */
  | { readonly kind: 'refused'; readonly reason: string }

/**
 * Reads and decompresses an answer's body, up to a limit on what comes out: a small one can't grow into a huge one. The
 * connection is closed when the body is refused. Rejects when the connection fails or the data are damaged.
 */
export async function readBody(incoming: IncomingMessage, limitBytes: number): Promise<Body> {
  const encoding = incoming.headers['content-encoding']?.toLowerCase() ?? 'identity'
  const stream = decoded(incoming, encoding)
  if (stream === undefined) return refuse(incoming, `is compressed in a way that is not understood: ${clip(encoding)}`)
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of stream) {
    if (!Buffer.isBuffer(chunk)) continue
    length += chunk.length
    if (length > limitBytes) return refuse(incoming, `answered with more than ${limitBytes} bytes`)
    chunks.push(chunk)
  }
  const bytes = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.length
  }
  return { kind: 'whole', bytes }
}

function decoded(incoming: IncomingMessage, encoding: string): Readable | undefined {
  switch (encoding) {
    case 'identity':
    case '':
      return incoming
    case 'gzip':
    case 'x-gzip':
      return through(incoming, createGunzip())
    case 'deflate':
      return through(incoming, createInflate())
    case 'br':
      return through(incoming, createBrotliDecompress())
    default:
      return undefined
  }
}

/** Errors of either stream come out of the second one, where the reader sees them. */
function through(incoming: IncomingMessage, decoder: Transform): Readable {
  pipeline(incoming, decoder, () => undefined)
  return decoder
}

function refuse(incoming: IncomingMessage, reason: string): Body {
  incoming.destroy()
  return { kind: 'refused', reason }
}

const clip = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text)
