import { nearest } from '@interlock/protocol'
import { type ClientExtensions, readClientExtensions } from './client-extensions.ts'
import { type JsonMember, type JsonNode, type JsonObject, kindOf, plain } from './document.ts'
import { quoted } from './error.ts'
import { type HttpLaunch, readHttp } from './http.ts'
import { instead, isHarmless, isMember, type MemberName, members as memberNames, synonyms } from './members.ts'
import { type Members, reportRepeated, type Scope } from './scope.ts'
import { readStdio, type StdioLaunch } from './stdio.ts'
import { readTransport } from './transport.ts'

/** One server of the configuration, complete and checked: it can be started as it is. */
export type ServerSpec = ServerCommon & (StdioLaunch | HttpLaunch)

export interface ServerCommon {
  readonly name: string
  readonly disabled: boolean
  /** How long the server may take to answer its first request. */
  readonly startupTimeoutMs?: number
  /** How long any other request may take. */
  readonly timeoutMs?: number
  /** Extensions that a session with the server is told clients know, besides those that every session is told of. */
  readonly clientExtensions?: ClientExtensions
  /** Members that mean something to other programs only, as written. Absent when there are none. */
  readonly other?: Readonly<Record<string, unknown>>
}

/** Longest time that a timer can wait: one more millisecond and it would fire at once. */
const longestMs = 2 ** 31 - 1

/** Reads one server and reports every mistake to the scope. The result counts only if there was none. */
export function readServer(scope: Scope, name: string, node: JsonNode): ServerSpec | undefined {
  if (node.kind !== 'object') {
    const message = `found ${kindOf(node)} where an object with "command" or "url" is expected`
    scope.problem('server_invalid', node, message)
    return undefined
  }
  reportRepeated(scope, node)
  const { members, other, meant } = sortMembers(scope, node)
  const launch = readLaunch(scope, node, members, meant)
  const disabled = readDisabled(scope, members.get('disabled'))
  const startupTimeoutMs = readMs(scope, members.get('startupTimeoutMs'), 'startupTimeoutMs')
  const timeoutMs = readMs(scope, members.get('timeoutMs'), 'timeoutMs')
  const clientExtensions = readClientExtensions(scope, members.get('clientExtensions'))
  if (launch === undefined) return undefined
  return {
    name,
    disabled,
    ...launch,
    ...(startupTimeoutMs === undefined ? {} : { startupTimeoutMs }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(clientExtensions === undefined ? {} : { clientExtensions }),
    ...(other.length === 0 ? {} : { other: toRecord(other) }),
  }
}

/** Whether a server says that it is not to be started, whatever else is wrong with it. */
export function isDisabled(node: JsonNode): boolean {
  if (node.kind !== 'object') return false
  return node.members.some(({ key, value }) => key === 'disabled' && value.kind === 'boolean' && value.value)
}

interface SortedMembers {
  readonly members: Members
  readonly other: readonly JsonMember[]
  /** What the misspelt members were meant to be. */
  readonly meant: ReadonlySet<MemberName>
}

function sortMembers(scope: Scope, node: JsonObject): SortedMembers {
  const members = new Map<MemberName, JsonNode>()
  const other: JsonMember[] = []
  const meant = new Set<MemberName>()
  for (const member of node.members) {
    const { key, offset, value } = member
    if (isMember(key)) {
      members.set(key, value)
      continue
    }
    other.push(member)
    const right = rightSpelling(key)
    if (right !== undefined) {
      meant.add(right)
      scope.problem('member_misspelt', { offset, member: key }, `is not a member of a server; did you mean "${right}"?`)
    } else if (!isHarmless(key)) {
      const remedy = Object.hasOwn(instead, key) ? `; ${instead[key]}` : ''
      scope.notice({ offset, member: key }, `is not known here and is ignored${remedy}`)
    }
  }
  return { members, other, meant }
}

function rightSpelling(key: string): MemberName | undefined {
  if (isHarmless(key) || Object.hasOwn(instead, key)) return undefined
  const near = nearest(key, [...memberNames, ...Object.keys(synonyms)])
  if (near === undefined) return undefined
  return isMember(near) ? near : synonyms[near]
}

function readLaunch(
  scope: Scope,
  node: JsonObject,
  members: Members,
  meant: ReadonlySet<MemberName>,
): StdioLaunch | HttpLaunch | undefined {
  const transport = readTransport(scope, members)
  const command = members.get('command')
  const url = members.get('url')
  if (command !== undefined && url !== undefined) {
    const hint =
      transport &&
      `"${transport.member}" says ${quoted(transport.word)}: "${transport.kind === 'stdio' ? 'url' : 'command'}" is the one too many`
    scope.problem('launch_ambiguous', url, 'has both "command" and "url"; remove one of them', hint)
    return undefined
  }
  if (transport !== undefined) {
    const [needed, present] = transport.kind === 'stdio' ? (['command', url] as const) : (['url', command] as const)
    if (present !== undefined) {
      const message = `says ${quoted(transport.word)}, which needs "${needed}"; change one of the two`
      scope.problem('transport_mismatch', { offset: transport.offset, member: transport.member }, message)
      return undefined
    }
  }
  if (command !== undefined) {
    noticeUnused(scope, members, ['headers', 'auth'], 'command')
    return readStdio(scope, members, command)
  }
  if (url !== undefined) {
    noticeUnused(scope, members, ['args', 'env', 'cwd'], 'url')
    return readHttp(scope, members, url, transport?.kind === 'sse' ? 'sse' : 'http')
  }
  if (!meant.has('command') && !meant.has('url')) {
    const message =
      'has neither "command" nor "url"; add "command" to start a program or "url" to reach a server over HTTP'
    scope.problem('launch_missing', node, message)
  }
  return undefined
}

function noticeUnused(scope: Scope, members: Members, unused: readonly MemberName[], kind: 'command' | 'url'): void {
  for (const member of unused) {
    const node = members.get(member)
    if (node !== undefined)
      scope.notice({ offset: node.offset, member }, `has no effect beside "${kind}" and is ignored`)
  }
}

function readDisabled(scope: Scope, node: JsonNode | undefined): boolean {
  if (node === undefined) return false
  if (node.kind === 'boolean') return node.value
  const spot = { offset: node.offset, member: 'disabled' }
  scope.problem('member_invalid', spot, `found ${kindOf(node)} where true or false is expected, without quotes`)
  return false
}

function readMs(scope: Scope, node: JsonNode | undefined, member: MemberName): number | undefined {
  if (node === undefined) return undefined
  if (node.kind === 'number' && node.value >= 1 && node.value <= longestMs) return node.value
  const message = `a number of milliseconds from 1 to ${longestMs} is expected, without quotes; 30000 is half a minute`
  scope.problem('member_invalid', { offset: node.offset, member }, message)
  return undefined
}

function toRecord(members: readonly JsonMember[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(members.map(({ key, value }) => [key, plain(value)]))
}
