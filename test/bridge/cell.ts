import type { CallToolResult, Params, ProtocolError, Revision } from '@interlock/protocol'
import { ProtocolError as Thrown } from '@interlock/protocol'
import type { Rule } from '../../tools/bridge/rule.ts'
import type { ClientEnd, Kind, RequestOptions } from './client-end.ts'
import { behind } from './hop.ts'
import type { Route } from './routes.ts'
import type { Question } from './tools.ts'

/** One feature between one client and one server. */
export interface Cell {
  readonly client: Revision
  readonly server: Revision
  readonly route: Route
  readonly rule: Rule
  readonly end: ClientEnd
  /** Another client of the same make and revision, to be closed by whoever opens it. */
  open(kind: Kind): Promise<ClientEnd>
}

export type Run = (cell: Cell) => Promise<void>

/** Under which name the gateway offers something of the server. */
export const named = (name: string): string => `${behind}__${name}`

export const uriOf = (path: string): string => `${behind}://${path}`

export const call = async (
  { request }: Pick<ClientEnd, 'request'>,
  name: string,
  args: Readonly<Record<string, unknown>> = {},
  options: RequestOptions = {},
  more: Params = {},
): Promise<CallToolResult> =>
  (await request('tools/call', { name: named(name), arguments: args, ...more }, options)) as unknown as CallToolResult // each client checks that

export const textOf = ({ content }: CallToolResult): string =>
  content.map(block => (block.type === 'text' ? block.text : `[${block.type}]`)).join('\n')

/** What the server was answered, as it says itself, and what the client was asked. */
export async function ask(end: ClientEnd, what: Question): Promise<{ answer: unknown; questions: readonly Params[] }> {
  const before = end.host.asked.all.length
  const result = await call(end, 'ask', { what })
  if (result.isError === true) throw new Error(`the server failed: ${textOf(result)}`)
  return { answer: JSON.parse(textOf(result)), questions: end.host.asked.all.slice(before).map(({ params }) => params) }
}

/** The error that a request ends with. */
export async function errorOf(promise: Promise<unknown>): Promise<ProtocolError> {
  const error: unknown = await promise.then(
    value => new Error(`there was no error but ${JSON.stringify(value)}`),
    (reason: unknown) => reason,
  )
  if (error instanceof Thrown) return error
  throw error
}

interface Entry {
  readonly name: string
  readonly uri?: string
  readonly uriTemplate?: string
  readonly _meta?: Readonly<Record<string, unknown>>
}

/** The names of lists' members. */
const members = {
  'tools/list': 'tools',
  'prompts/list': 'prompts',
  'resources/list': 'resources',
  'resources/templates/list': 'resourceTemplates',
} as const

export type ListMethod = keyof typeof members

export const isList = (method: string): method is ListMethod => Object.hasOwn(members, method)

/** All pages of a list, one by one. */
export async function pagesOf({ request }: ClientEnd, method: ListMethod): Promise<Entry[][]> {
  const pages: Entry[][] = []
  let cursor: unknown
  do {
    const page = await request(method, cursor === undefined ? {} : { cursor })
    pages.push(page[members[method]] as Entry[]) // each client checks that
    cursor = page['nextCursor']
  } while (cursor !== undefined)
  return pages
}

export const listed = async (end: ClientEnd, method: ListMethod): Promise<Entry[]> =>
  (await pagesOf(end, method)).flat()

let words = 0
/** A word that no other cell has used. */
export const fresh = (): string => `word ${(words += 1)}`
