import { type Endpoint, type HowToCall, stopOf } from './endpoint.ts'
import { readEvents, type StreamEnd } from './read.ts'
import type { HttpAnswer } from './send.ts'

export const resumeLimits = {
  /** Broken streams are resumed this often in a row without a single message between. */
  barren: 5,
  /** Shortest wait before a stream is resumed, whatever the server names; doubled after each stream that was short. */
  shortestMs: 500,
  /** Longest wait that comes of doubling. */
  longestMs: 30_000,
  /** Longest wait that a server may name. Nobody waits longer for an answer that may be there. */
  longestNamedMs: 300_000,
  /** A stream that lasted this long was not short: servers close idle streams, and proxies do after about a minute. */
  steadyMs: 10_000,
} as const

export interface Followed {
  readonly limit: number
  /** Takes what each event carries. */
  onData(data: string): void
  /** Is told of each stream that takes the place of the first. */
  onResumed?(answer: HttpAnswer): void
  /** Whether all that was waited for has come. */
  isOver(): boolean
}

/**
 * Reads an event stream and, where it had event ids and broke, the streams that resume it (specification, revisions
 * with sessions: Resumability and Redelivery). Resolves when it is over or nothing resumes it.
 */
export async function follow(
  endpoint: Endpoint,
  first: HttpAnswer,
  options: HowToCall,
  followed: Followed,
): Promise<StreamEnd> {
  let answer = first
  let barren = 0
  let short = 0
  const onData = (data: string): void => {
    barren = 0
    followed.onData(data)
  }
  let lastEventId: string | undefined
  for (;;) {
    const startedAt = Date.now()
    const end = await read(endpoint, answer, followed.limit, onData)
    lastEventId = end.lastEventId ?? lastEventId
    const isStopped = followed.isOver() || endpoint.stopReason(stopOf(options)) !== undefined
    if (isStopped || lastEventId === undefined || barren >= resumeLimits.barren) return end
    if (Date.now() - startedAt >= resumeLimits.steadyMs) short = 0
    await endpoint.pause(pauseMs(end.retryMs, short), stopOf(options))
    barren += 1
    short += 1
    try {
      const headers = { ...options.headers, 'last-event-id': lastEventId }
      answer = await endpoint.call('GET', { ...options, headers })
    } catch (error) {
      if (endpoint.stopReason(stopOf(options)) !== undefined) throw error
      return { ...end, error } // the first request did go out, so this failure is only how its answer was lost
    }
    if (!isStream(answer)) {
      await endpoint.start(answer)
      return end
    }
    followed.onResumed?.(answer)
  }
}

/** What the server names, unless the streams that it gives are too short for that. */
function pauseMs(named: number | undefined, short: number): number {
  const { shortestMs, longestMs, longestNamedMs } = resumeLimits
  return Math.max(Math.min(named ?? 0, longestNamedMs), Math.min(shortestMs * 2 ** short, longestMs))
}

async function read(
  endpoint: Endpoint,
  answer: HttpAnswer,
  limit: number,
  onData: (data: string) => void,
): Promise<StreamEnd> {
  try {
    return await readEvents(answer, limit, onData)
  } catch (error) {
    answer.close()
    throw error
  } finally {
    endpoint.release(answer)
  }
}

export const isOk = ({ status }: HttpAnswer): boolean => status >= 200 && status < 300

/** The media type without its parameters; empty when there is none. */
export function mediaType(answer: HttpAnswer): string {
  const value = answer.header('content-type') ?? ''
  const end = value.indexOf(';')
  return (end === -1 ? value : value.slice(0, end)).trim().toLowerCase()
}

export const eventStream = 'text/event-stream'

export const isStream = (answer: HttpAnswer): boolean => isOk(answer) && mediaType(answer) === eventStream
