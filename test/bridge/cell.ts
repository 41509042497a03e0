import type { CallOptions } from '@interlock/client'
import { type CallToolResult, ProtocolError, type Revision } from '@interlock/protocol'
import type { Rule } from '../../tools/bridge/rule.ts'
import type { End } from './ends.ts'
import { type Question, schemeOf } from './upstream.ts'

/** One feature between one client and one server. */
export interface Cell {
  readonly client: Revision
  readonly server: Revision
  readonly rule: Rule
  readonly end: End
  /** Of the same revision, that cannot be asked anything. */
  readonly mute: End
  /** Of the same revision, that can only send its user to pages. */
  readonly pages: End
}

export type Run = (cell: Cell) => Promise<void>

/** Under which name the gateway offers something of the cell's server. */
export const named = ({ server }: Cell, name: string): string => `${schemeOf(server)}__${name}`

export const uriOf = ({ server }: Cell, path: string): string => `${schemeOf(server)}://${path}`

export const call = (
  cell: Cell,
  name: string,
  args: Readonly<Record<string, unknown>> = {},
  options: CallOptions = {},
  end: End = cell.end,
): Promise<CallToolResult> => end.client.callTool(named(cell, name), args, options)

export const textOf = ({ content }: CallToolResult): string =>
  content.map(block => (block.type === 'text' ? block.text : `[${block.type}]`)).join('\n')

/** What the server was answered, as it says itself. */
export async function ask(cell: Cell, what: Question, end?: End): Promise<unknown> {
  const result = await call(cell, 'ask', { what }, {}, end)
  if (result.isError === true) throw new Error(`the server failed: ${textOf(result)}`)
  return JSON.parse(textOf(result))
}

/** The error that a call ends with. */
export async function errorOf(promise: Promise<unknown>): Promise<ProtocolError> {
  const error: unknown = await promise.then(
    value => new Error(`there was no error but ${JSON.stringify(value)}`),
    (reason: unknown) => reason,
  )
  if (error instanceof ProtocolError) return error
  throw error
}
