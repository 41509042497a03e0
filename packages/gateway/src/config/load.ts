import { readFile, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { type Document, type JsonMember, parseDocument, repeated } from './document.ts'
import { ConfigError } from './error.ts'
import type { Environment } from './expand.ts'
import { findServers } from './frame.ts'
import { openScope, type Report, type Scope, writtenTwice } from './scope.ts'
import { isDisabled, readServer, type ServerSpec } from './server.ts'

/** A configuration as far as it could be read. A server is either in `servers` or has its mistakes in `problems`. */
export interface Config {
  /** The path as it was given. */
  readonly file: string
  /** In the order of the file. */
  readonly servers: readonly ServerSpec[]
  /** One for each mistake, in the order of the file. */
  readonly problems: readonly ConfigError[]
  /** What an operator should know although nothing is broken: `file:line:column  sentence`. */
  readonly notices: readonly string[]
}

export interface LoadOptions {
  /** Where `${NAME}` is looked up, usually `process.env`. */
  readonly env: Environment
}

export const configLimits = {
  /** Largest file read. Some thousands of servers; more is a file given by mistake. */
  fileBytes: 1_048_576,
} as const

/** Reads a configuration file. Throws `ConfigError` when the file as a whole cannot be used. */
export async function loadConfig(file: string, options: LoadOptions): Promise<Config> {
  return parseConfig(await readConfig(file), file, options)
}

/**
 * Reads the text of a configuration: `{ "mcpServers": { "<name>": { "command" or "url": … } } }`, JSON with comments and
 * trailing commas. `file` names it in messages and is what a relative `cwd` starts from. A server with a mistake is left
 * out and the others still load; a disabled one whose only fault is an unset variable is left out with a notice. Throws
 * `ConfigError` when the text as a whole cannot be used.
 */
export function parseConfig(text: string, file: string, { env }: LoadOptions): Config {
  const document = parseDocument(text, file)
  const found = findServers(document)
  const twice = repeated(found.servers)
  const folder = dirname(resolve(file))
  const read = found.servers.members
    .filter(({ key }) => !twice.has(key))
    .map(member => readOne(member, openScope(member.key, document, folder, env)))
  const problems = [...[...twice].map(([name, members]) => serverTwice(document, name, members)), ...read].flatMap(
    part => part.problems,
  )
  return {
    file,
    servers: read.flatMap(({ server }) => server ?? []),
    problems: problems.sort(byPlace),
    notices: [...found.notices, ...read.flatMap(part => part.notices)],
  }
}

function readOne({ key, offset, value }: JsonMember, scope: Scope & Report): Report & { readonly server?: ServerSpec } {
  if (key.trim() === '') {
    scope.problem(
      'server_name_empty',
      { offset },
      'has no name; give it one, it becomes part of the names of its tools',
    )
    return scope
  }
  const server = readServer(scope, key, value)
  const { problems, notices } = scope
  if (problems.length === 0) return { ...(server && { server }), problems, notices }
  if (!isDisabled(value) || problems.some(({ code }) => code !== 'variable_unset')) return scope
  const variables = problems.length === 1 ? 'a variable it needs is' : 'variables it needs are'
  scope.notice({ offset }, `is disabled and left out, because ${variables} not set`)
  return { problems: [], notices }
}

async function readConfig(file: string): Promise<string> {
  try {
    const { size } = await stat(file)
    if (size > configLimits.fileBytes) {
      const message = `the file has ${size} bytes, more than the ${configLimits.fileBytes} a configuration may have; check the path`
      throw new ConfigError('file_too_large', message, { file })
    }
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file))
  } catch (cause) {
    if (cause instanceof ConfigError) throw cause
    throw new ConfigError('file_unreadable', unreadable(cause), { file, cause })
  }
}

function unreadable(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'an unknown error'
  switch (code) {
    case 'ENOENT':
      return 'there is no such file; create it or name another'
    case 'EISDIR':
      return 'this is a folder; name the file in it'
    case 'EACCES':
      return 'the file may not be read by this user; change its permissions'
    case 'ERR_ENCODING_INVALID_ENCODED_DATA':
      return 'the file is not text in UTF-8; save it in that encoding'
    default:
      return `the file cannot be read (${code}); check the path and the disk`
  }
}

function serverTwice(document: Document, name: string, members: readonly JsonMember[]): Report {
  const scope = openScope(name, document, '', {})
  scope.problem('duplicate_key', { offset: members.at(-1)?.offset ?? 0 }, writtenTwice(document, members))
  return scope
}

function byPlace(a: ConfigError, b: ConfigError): number {
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0)
}
