import { oneLine } from '../flow.ts'

/** Longest text of a server that is shown: enough for a sentence, too short to flood a terminal or a log. */
const shownCharacters = 200

/** An OAuth error answer, made safe to show. */
export interface Refusal {
  /** The error code, where it has the form of one (RFC 6749 section 5.2 and its extensions). */
  readonly code: string | undefined
  readonly description: string | undefined
}

/** Parameters that are no secret and may be quoted back by a server. */
const openParameters = new Set([
  'audience',
  'client_assertion_type',
  'client_id',
  'grant_type',
  'redirect_uri',
  'requested_token_type',
  'resource',
  'scope',
  'subject_token_type',
])

/** What of a request must never be shown, even when the server quotes it. */
export function secretsOf(parameters: URLSearchParams, headers: Readonly<Record<string, string>>): readonly string[] {
  const sent = [...parameters].filter(([name]) => !openParameters.has(name)).map(([, value]) => value)
  const credentials = headers['authorization']?.split(' ')[1]
  return [...sent, ...(credentials === undefined ? [] : [credentials])].filter(value => value !== '')
}

/** Reads an error answer. `secrets` are taken out of its texts, and so is all that looks like a token. */
export function refusal(body: Readonly<Record<string, unknown>>, secrets: readonly string[]): Refusal {
  return { code: errorCode(body['error'], secrets), description: shown(body['error_description'], secrets) }
}

function errorCode(value: unknown, secrets: readonly string[]): string | undefined {
  if (typeof value !== 'string' || !/^[\w.:/-]{1,80}$/.test(value)) return undefined
  return shown(value, secrets) === value ? value : undefined
}

/** A server's text on one line, without control or direction characters, clipped. */
export function shown(value: unknown, secrets: readonly string[] = []): string | undefined {
  if (typeof value !== 'string') return undefined
  const open = secrets.reduce((text, secret) => text.replaceAll(secret, '[removed]'), value)
  const line = oneLine(open.replaceAll(/eyJ[\w-]{8,}(?:\.[\w-]*)*/g, '[removed]')).replaceAll('"', "'")
  if (line === '') return undefined
  return line.length <= shownCharacters ? line : `${line.slice(0, shownCharacters)}…`
}
