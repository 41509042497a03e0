import { code, isObject, type Params, type Principal, ProtocolError } from '@interlock/protocol'
import { invalidState, type Seal } from './seal.ts'

/** What happened in a call so far: it travels sealed with the client, so that any round can be served anywhere. */
export interface Journal {
  /** The same in every round. */
  readonly flow: string
  readonly entries: Record<string, Entry>
  /** State of a handler that asks by returning `input_required` itself. */
  carry?: string
}

export type Entry =
  | { readonly kind: 'question'; readonly fingerprint: string; answer?: unknown }
  | { readonly kind: 'step'; readonly value: unknown }

/** What a journal is bound to (specification: Multi Round-Trip Requests, Server Requirements). */
export interface Ties {
  readonly principal: Principal | undefined
  readonly method: string
  readonly params: Params
  /** Name and version of the server: another one starts afresh. */
  readonly build: string
  readonly lifeMs: number
  /** Longest sealed journal. */
  readonly stateBytes: number
}

interface Sealed {
  readonly journal: Journal
  /** Who may bring it back. */
  readonly subject: string
  /** Digest of the request that it belongs to. */
  readonly request: string
  /** Milliseconds since 1970. */
  readonly expires: number
  readonly build: string
}

export const newJournal = (flow: string = crypto.randomUUID()): Journal => ({ flow, entries: {} })

/** @throws ProtocolError when the journal has grown too large to travel. */
export async function sealJournal(seal: Seal, journal: Journal, ties: Ties): Promise<string> {
  const sealed: Sealed = {
    journal,
    subject: subjectOf(ties),
    request: await digest(ties),
    expires: Date.now() + ties.lifeMs,
    build: ties.build,
  }
  const token = await seal.seal(sealed)
  if (token.length <= ties.stateBytes) return token
  throw new ProtocolError(
    code.internalError,
    `The call keeps ${token.length} bytes of answers and steps; at most ${ties.stateBytes} can travel with the client`,
  )
}

/**
 * Opens the journal that a client brought back. One that another build of the server wrote begins afresh, under the
 * same flow.
 * @throws ProtocolError −32602 when it is forged, expired, or belongs to another principal or request
 */
export async function openJournal(seal: Seal, token: string, ties: Ties): Promise<Journal> {
  const sealed = await seal.open(token)
  if (!isSealed(sealed) || sealed.expires < Date.now() || sealed.subject !== subjectOf(ties)) throw invalidState()
  if (sealed.request !== (await digest(ties))) throw invalidState()
  return sealed.build === ties.build ? sealed.journal : newJournal(sealed.journal.flow)
}

const subjectOf = ({ principal }: Ties): string => principal?.subject ?? ''

/** Members of a request that differ from round to round. */
const roundMembers: ReadonlySet<string> = new Set(['_meta', 'inputResponses', 'requestState'])

async function digest({ method, params }: Ties): Promise<string> {
  const salient = Object.entries(params).filter(([member]) => !roundMembers.has(member))
  const bytes = new TextEncoder().encode(JSON.stringify([method, inOrder(Object.fromEntries(salient))]))
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return Array.from(hash, byte => byte.toString(16).padStart(2, '0')).join('')
}

/** The same value with members sorted, since a client may write them in another order next time. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder)
  if (!isObject(value)) return value
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(members.map(([name, member]) => [name, inOrder(member)]))
}

/** What was sealed here has this shape; the check is against keys that seal something else as well. */
const isSealed = (value: unknown): value is Sealed =>
  isObject(value) &&
  typeof value['expires'] === 'number' &&
  isObject(value['journal']) &&
  isObject(value['journal']['entries'])
