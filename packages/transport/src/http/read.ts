import { EventStreamParser } from './event-stream.ts'
import type { HttpAnswer } from './send.ts'

/** A body is larger than was allowed; `text` is what came first. */
export class TooLarge extends Error {
  readonly text: string
  constructor(limit: number, text: string) {
    super(`the reply is larger than ${limit} bytes`)
    this.name = 'TooLarge'
    this.text = text
  }
}

/** Reads a whole body as UTF-8. @throws TooLarge, with the first bytes as text. */
export async function readText(answer: HttpAnswer, limit: number): Promise<string> {
  let first: Uint8Array | undefined
  let rest: Uint8Array[] | undefined
  let bytes = 0
  for await (const chunk of answer.body) {
    bytes += chunk.length
    if (bytes > limit) throw new TooLarge(limit, decoder.decode(first ?? chunk.subarray(0, limit)))
    if (first === undefined) first = chunk
    else {
      rest ??= [first]
      rest.push(chunk)
    }
  }
  if (first === undefined) return ''
  return decoder.decode(rest === undefined ? first : concat(rest, bytes))
}

/** Reads the start of a body that is only quoted, and lets go of the rest. */
export async function readStart(answer: HttpAnswer, limit: number): Promise<string> {
  try {
    return await readText(answer, limit)
  } catch (error) {
    return error instanceof TooLarge ? error.text : ''
  } finally {
    answer.close()
  }
}

/** How an event stream ended, for whoever wants to go on where it stopped. */
export interface StreamEnd {
  readonly lastEventId: string | undefined
  readonly retryMs: number | undefined
  /** Why it broke; undefined when it ended in order. */
  readonly error?: unknown
}

/** Reads an event stream to its end and hands out what each event carries. Rejects only when an event is too large. */
export async function readEvents(
  answer: HttpAnswer,
  limit: number,
  onData: (data: string) => void,
): Promise<StreamEnd> {
  const parser = new EventStreamParser(event => {
    if (event.type === 'message' && event.data !== '') onData(event.data)
  }, limit)
  let error: unknown
  const pieces = answer.body[Symbol.asyncIterator]()
  for (;;) {
    let piece: IteratorResult<Uint8Array>
    try {
      piece = await pieces.next()
    } catch (failure) {
      error = failure
      break
    }
    if (piece.done) break
    parser.push(piece.value)
  }
  return { lastEventId: parser.lastEventId, retryMs: parser.retryMs, error }
}

const decoder = new TextDecoder()

function concat(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.length
  }
  return whole
}
