import type { Fetch, Step } from './contract.ts'

/** Told about each step as it begins, in a sentence for people. Never has secrets. */
export type OnStep = (step: Step, what: string) => void

/** What every step of a flow has. */
export interface Flow {
  readonly fetch: Fetch
  readonly signal: AbortSignal
  readonly onStep: OnStep
}

/** Longest text of a server's that a message repeats: a URL or a sentence, not a page. */
const quotedCharacters = 200

/** Text of somebody else's on one line, without characters that control a terminal or the direction of writing. */
export const oneLine = (text: string): string => text.replaceAll(/[\p{C}\p{Z}]+/gu, ' ').trim()

/** A server's text for a message: in quotes, on one line, clipped. */
export function quoted(value: unknown): string {
  if (value === undefined) return 'nothing'
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value))
  const line = oneLine(text)
  return `"${line.length > quotedCharacters ? `${line.slice(0, quotedCharacters)}…` : line}"`
}

/** Whether text is a URL of http or https as the URL standard wants it written: no control characters, no blanks. */
export const isWebUrl = (text: unknown): text is string =>
  typeof text === 'string' && /^https?:\/\/[\x21-\x7e]{1,2048}$/i.test(text) && URL.canParse(text)

/** Why something failed, for a message that goes on after a colon. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'no reason given'
  if (error.name === 'TimeoutError') return 'it gave no answer in time'
  const told = error.cause instanceof Error && error.cause.message !== '' ? error.cause : error
  const line = oneLine(told.message)
  return line === '' ? told.name : line.slice(0, 2 * quotedCharacters)
}

/** A URL as a message may have it: neither user info nor query. */
export const told = (url: string | URL): string => {
  const { origin, pathname } = new URL(url)
  return pathname === '/' ? origin : `${origin}${pathname}`
}
