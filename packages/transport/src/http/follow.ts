import type { ExchangeOptions } from '@interlock/protocol'
import type { Endpoint } from './endpoint.ts'
import { readEvents, type StreamEnd } from './read.ts'
import type { HttpAnswer } from './send.ts'

/** Broken streams are resumed this often in a row without a single event between. */
const resumptions = 5

/** Wait before a stream is resumed where the server names none; doubled each time up to the longest. */
const resumeMs = 500
const longestResumeMs = 30_000

export interface Followed {
  readonly limit: number
  /** Takes what each event carries. */
  onData(data: string): void
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
  options: Pick<ExchangeOptions, 'headers' | 'signal'>,
  followed: Followed,
): Promise<StreamEnd> {
  let answer = first
  let inARow = 0
  const onData = (data: string): void => {
    inARow = 0
    followed.onData(data)
  }
  let lastEventId: string | undefined
  for (;;) {
    const end = await read(endpoint, answer, followed.limit, onData)
    lastEventId = end.lastEventId ?? lastEventId
    const isStopped = followed.isOver() || endpoint.stopReason(options.signal) !== undefined
    if (isStopped || lastEventId === undefined || inARow >= resumptions) return end
    await endpoint.pause(end.retryMs ?? Math.min(resumeMs * 2 ** inARow, longestResumeMs), options.signal)
    inARow += 1
    answer = await endpoint.call('GET', {
      ...options,
      headers: { ...options.headers, 'last-event-id': lastEventId },
    })
    if (!isStream(answer)) {
      await endpoint.start(answer)
      return end
    }
  }
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

export const isStream = (answer: HttpAnswer): boolean => isOk(answer) && mediaType(answer) === 'text/event-stream'
