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
  await drain(answer, piece => {
    bytes += piece.length
    if (bytes > limit) throw new TooLarge(limit, decoder.decode(first ?? piece.subarray(0, limit)))
    if (first === undefined) first = piece
    else {
      rest ??= [first]
      rest.push(piece)
    }
  })
  if (first === undefined) return ''
  return decoder.decode(rest === undefined ? first : concat(rest, bytes))
}

async function drain(answer: HttpAnswer, take: (piece: Uint8Array) => void): Promise<void> {
  if (answer.drain !== undefined) return answer.drain(take)
  for await (const piece of answer.body) take(piece)
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
  let isRefused = false
  let error: unknown
  const push = (piece: Uint8Array): void => {
    isRefused = true
    parser.push(piece)
    isRefused = false
  }
  try {
    await drain(answer, push)
  } catch (failure) {
    if (isRefused) throw failure
    error = failure
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
