import { type Document, type JsonMember, type JsonNode, type JsonObject, repeated } from './document.ts'
import { ConfigError, type ConfigErrorCode, quoted } from './error.ts'
import type { Environment } from './expand.ts'
import type { MemberName } from './members.ts'

/** The members of one server that we know, by name. */
export type Members = ReadonlyMap<MemberName, JsonNode>

/** Where a mistake is: a place in the text, and the member's path for the message, such as `env.TOKEN` or `args[1]`. */
export interface Spot {
  readonly offset: number
  readonly member?: string
}

/** What the readers of one server share. They report every mistake they meet and return undefined for what has one. */
export interface Scope {
  /** Folder of the file: what a relative `cwd` starts from. */
  readonly folder: string
  readonly env: Environment
  readonly document: Document
  problem(code: ConfigErrorCode, spot: Spot, message: string, hint?: string): void
  notice(spot: Spot, message: string): void
}

export interface Report {
  readonly problems: ConfigError[]
  readonly notices: string[]
}

export function openScope(server: string, document: Document, folder: string, env: Environment): Scope & Report {
  const problems: ConfigError[] = []
  const notices: string[] = []
  const subject = ({ member }: Spot): string =>
    `server ${quoted(server)}${member === undefined ? '' : `, ${quoted(member)}`}`
  return {
    folder,
    env,
    document,
    problems,
    notices,
    problem(code, spot, message, hint) {
      const details = { ...document.place(spot.offset), server, ...(hint === undefined ? {} : { hint }) }
      problems.push(new ConfigError(code, `${subject(spot)}: ${message}`, details))
    },
    notice(spot, message) {
      notices.push(noticeAt(document, spot.offset, `${subject(spot)}: ${message}`))
    },
  }
}

export function noticeAt(document: Document, offset: number, message: string): string {
  const { file, line, column } = document.place(offset)
  return `${file}:${line}:${column}  ${message}`
}

/** Reports every key that is written more than once: of two values, one would be lost without a word. */
export function reportRepeated(scope: Scope, object: JsonObject, member?: string): void {
  for (const [key, members] of repeated(object)) {
    const spot = {
      offset: members.at(-1)?.offset ?? object.offset,
      member: member === undefined ? key : `${member}.${key}`,
    }
    scope.problem('duplicate_key', spot, writtenTwice(scope.document, members))
  }
}

/** "is written 2 times, on lines 3 and 9; keep one of them" */
export function writtenTwice(document: Document, members: readonly Pick<JsonMember, 'offset'>[]): string {
  const lines = [...new Set(members.map(({ offset }) => document.place(offset).line))]
  const on = lines.length === 1 ? `line ${lines[0]}` : `lines ${lines.slice(0, -1).join(', ')} and ${lines.at(-1)}`
  return `is written ${members.length} times, on ${on}; keep one of them`
}
