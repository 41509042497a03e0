import { clip, TransportError } from '@interlock/protocol'
import type { HttpAnswer } from './send.ts'

/**
 * Why no answer came at all, in a sentence that names the host: `unreachable` when the request cannot have gone out,
 * `broken` when it may have taken effect.
 */
export function noAnswer(url: URL, error: unknown): TransportError {
  const root = rootOf(error)
  const code = codeOf(root)
  const place = `${url.hostname}:${url.port || (url.protocol === 'https:' ? '443' : '80')}`
  const text = sentence(code, place, url.hostname, messageOf(error))
  return hasGoneOut(code, root)
    ? new TransportError('broken', `${text}; whether it did what it was asked is unknown`, { cause: error })
    : new TransportError('unreachable', text, { cause: error })
}

/** Codes of a connection that broke, whatever it was doing. */
const breaks: ReadonlySet<string> = new Set([
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'UND_ERR_SOCKET',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
])

/** Not while it was being connected, and not when an error says nothing of a connection: it comes from before that. */
function hasGoneOut(code: string, error: unknown): boolean {
  if (!breaks.has(code) && !code.startsWith('HPE_')) return false
  const isConnecting = error instanceof Error && 'syscall' in error && error.syscall === 'connect'
  const isGreeting = error instanceof Error && /before secure TLS connection/.test(error.message)
  return !isConnecting && !isGreeting
}

function sentence(code: string, place: string, host: string, message: string): string {
  switch (code) {
    case 'ECONNREFUSED':
      return `nothing listens on ${place}; check that the server is running and that the port is right`
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `the host name "${host}" of ${place} cannot be resolved; check its spelling and the network`
    case 'ECONNRESET':
    case 'EPIPE':
    case 'UND_ERR_SOCKET':
      return `${place} closed the connection without an answer`
    case 'ETIMEDOUT':
    case 'UND_ERR_CONNECT_TIMEOUT':
      return `${place} does not answer; check the address and any firewall in between`
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return `there is no route to ${place}; check the network`
    case 'EPROTO':
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
      return `${place} does not speak TLS; if that is meant, write http:// instead of https://`
  }
  if (/CERT|SIGNED|SIGNATURE|ISSUER|_TLS_/.test(code)) return `the certificate of ${place} is not trusted: ${message}`
  if (code.startsWith('HPE_')) return `${place} does not answer in HTTP; check the port`
  return `${place} cannot be reached: ${message}`
}

/** The error with the code that tells: `fetch` wraps, and several addresses fail as one. */
function rootOf(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  if (error instanceof AggregateError && error.errors.length > 0) return rootOf(error.errors[0])
  return codeOf(error) === '' && error.cause !== undefined ? rootOf(error.cause) : error
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return clip(String(error), quotedCharacters)
  const { cause } = error
  return clip(cause instanceof Error ? cause.message : error.message || error.name, quotedCharacters)
}

/** Characters of a server's text that a message repeats: enough to recognise what answered. */
const quotedCharacters = 200

/** A status that carries no JSON-RPC error: what it was, what the server wrote, and what to look at. */
export function statusError(url: URL, answer: HttpAnswer, text: string): TransportError {
  const { status } = answer
  const said = isWebPage(answer, text) ? 'this looks like a web page, not an MCP endpoint' : quote(text)
  const facts = [`${withoutSecrets(url)} answered HTTP ${status}`, said].filter(Boolean).join(': ')
  const hint = hintFor(status, answer.header('location'), url)
  return new TransportError('http_status', hint === undefined ? facts : `${facts}; ${hint}`, { status })
}

function hintFor(status: number, location: string | undefined, url: URL): string | undefined {
  if (status >= 300 && status < 400) {
    const target =
      location !== undefined && URL.canParse(location, url.href) ? withoutSecrets(new URL(location, url)) : undefined
    return target === undefined ? undefined : `it redirects to ${target}; use that URL if you trust it`
  }
  switch (status) {
    case 401:
      return 'it needs authorization: log in (the `auth` option of a connection), or send a token in the "authorization" header'
    case 403:
      return 'it refused access: check the credentials and what they allow'
    case 404:
      return 'check the path of the URL'
    case 405:
      return 'this path does not take such requests; check the path of the URL'
    case 429:
      return 'it wants fewer requests; try again later'
  }
  return status >= 500 ? 'the server failed; its log may say why' : undefined
}

/** The connection went while the answer was coming. */
export const brokenOff = (url: URL, what: string, cause: unknown): TransportError =>
  new TransportError('broken', `${withoutSecrets(url)} ${what}`, { cause })

/** A reply that came but is none. */
export const badReply = (url: URL, what: string, cause?: unknown): TransportError =>
  new TransportError('bad_reply', `${withoutSecrets(url)} ${what}`, cause === undefined ? {} : { cause })

export const isWebPage = (answer: HttpAnswer, text: string): boolean =>
  (answer.header('content-type') ?? '').startsWith('text/html') || /^\s*<(?:!doctype html|html)/i.test(text)

export function quote(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line === '' ? '' : `"${clip(line, quotedCharacters)}"`
}

/** A URL as it may stand in a log: no user, no query. */
const withoutSecrets = (url: URL): string => `${url.origin}${url.pathname}`
