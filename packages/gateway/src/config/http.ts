import { type AuthSettings, readAuth } from './auth.ts'
import type { JsonNode } from './document.ts'
import { type Members, type Scope, writtenTwice } from './scope.ts'
import { readString, readTexts, type TextMember } from './text.ts'

/** A server that is reached over HTTP. */
export interface HttpLaunch {
  /** `sse`: over HTTP+SSE, without finding out; a server that has nothing else is spoken to so by itself. */
  readonly kind: 'http' | 'sse'
  readonly url: URL
  /** Sent with every request; the values have their variables put in. */
  readonly headers: Readonly<Record<string, string>>
  /** How the gateway logs in. `false`: not at all. Absent: as the server says, when it wants a login. */
  readonly auth?: AuthSettings | false
}

/** Whether a server is to be logged in to, should it ask for that: not one with credentials of its own. */
export const takesLogin = ({ headers, auth }: HttpLaunch): boolean =>
  auth !== false && !Object.keys(headers).some(name => name.toLowerCase() === 'authorization')

/** Whether each user of the gateway has a login of their own there. */
export const isPerUser = (launch: HttpLaunch | { readonly kind: 'stdio' }): boolean =>
  launch.kind !== 'stdio' &&
  takesLogin(launch) &&
  launch.auth !== undefined &&
  launch.auth !== false &&
  launch.auth.perUser === true

export function readHttp(
  scope: Scope,
  members: Members,
  urlNode: JsonNode,
  kind: HttpLaunch['kind'],
): HttpLaunch | undefined {
  const url = readUrl(scope, urlNode)
  const headers = readHeaders(scope, members.get('headers'))
  const authNode = members.get('auth')
  const auth = readAuth(scope, authNode)
  if (url === undefined || headers === undefined) return undefined
  const launch: HttpLaunch = { kind, url, headers, ...(auth === undefined ? {} : { auth }) }
  if (authNode !== undefined && auth !== false && !takesLogin(launch)) {
    const message = 'has no effect, since "headers" has an "Authorization"; remove one of the two'
    scope.problem('member_invalid', { offset: authNode.offset, member: 'auth' }, message)
  }
  return launch
}

function readUrl(scope: Scope, node: JsonNode): URL | undefined {
  const text = readString(scope, node, 'url')
  if (text === undefined) return undefined
  const spot = { offset: node.offset, member: 'url' }
  const fault = urlFault(text)
  if (fault !== undefined) {
    scope.problem('url_invalid', spot, fault)
    return undefined
  }
  const url = new URL(text)
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    scope.notice(spot, `everything sent to ${url.hostname} can be read on the way; write https:// if the server has it`)
  }
  return url
}

function urlFault(text: string): string | undefined {
  if (!/^\s*[a-z][a-z\d+.-]*:\/\//i.test(text)) return 'is not a whole address; write it with https:// in front'
  if (!URL.canParse(text)) return 'is not a valid address; write it as https://host/path'
  const { protocol, username, password } = new URL(text)
  if (protocol !== 'http:' && protocol !== 'https:') {
    return `begins with "${protocol.slice(0, 20)}", which no transport here speaks; "https:" or "http:" is expected`
  }
  if (username === '' && password === '') return undefined
  return 'holds a user name or password, which HTTP clients refuse to send; put an "Authorization" into "headers"'
}

/** Names and addresses of this machine, as `URL` writes them. */
function isLoopback(hostname: string): boolean {
  return /^(?:(?:.+\.)?localhost|127(?:\.\d+){3}|\[::1\])\.?$/.test(hostname)
}

function readHeaders(scope: Scope, node: JsonNode | undefined): Readonly<Record<string, string>> | undefined {
  const texts = readTexts(scope, node, 'headers')
  if (texts === undefined) return undefined
  // Values read from files by a shell tend to end in a line break; HTTP ignores white space around a value.
  const headers = texts.map(({ key, offset, text }) => ({
    key,
    offset,
    text: text.replace(/^[\t\n\r ]+|[\t\n\r ]+$/g, ''),
  }))
  const faults = headers.map(header => headerFault(header))
  for (const [index, fault] of faults.entries()) {
    const { key = '', offset = 0 } = headers[index] ?? {}
    if (fault !== undefined) scope.problem('member_invalid', { offset, member: `headers.${key}` }, fault)
  }
  const twice = reportSameHeader(scope, headers)
  return twice || faults.some(fault => fault !== undefined)
    ? undefined
    : Object.fromEntries(headers.map(({ key, text }) => [key, text]))
}

/** RFC 9110, 5.1 and 5.5: a name is a token, a value is visible characters, spaces and tabs. */
function headerFault({ key, text }: TextMember): string | undefined {
  if (!/^[\w!#$%&'*+.^`|~-]+$/.test(key)) return 'is not a name of a header; use letters, digits and "-"'
  if (/^[\t\x20-\x7E\x80-\xFF]*$/.test(text)) return undefined
  return 'has a line break or another character in its value that a header cannot carry; remove it'
}

/** Keys that differ by letter case only are one header. (The very same key twice is reported for every object.) */
function reportSameHeader(scope: Scope, headers: readonly TextMember[]): boolean {
  const first = new Map<string, TextMember>()
  let found = false
  for (const header of headers) {
    const same = first.get(header.key.toLowerCase())
    if (same === undefined) first.set(header.key.toLowerCase(), header)
    if (same === undefined || same.key === header.key) continue
    found = true
    const spot = { offset: header.offset, member: `headers.${header.key}` }
    scope.problem('duplicate_key', spot, `${writtenTwice(scope.document, [same, header])} (letter case does not count)`)
  }
  return found
}
