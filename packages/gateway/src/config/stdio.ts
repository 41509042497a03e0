import { statSync } from 'node:fs'
import { delimiter, resolve } from 'node:path'
import { type JsonNode, kindOf } from './document.ts'
import type { Members, Scope } from './scope.ts'
import { expandHome, readString, readText, readTexts } from './text.ts'

/** A program to start and to speak with over its standard input and output. */
export interface StdioLaunch {
  readonly kind: 'stdio'
  readonly command: string
  readonly args: readonly string[]
  /** Added to what the program inherits; the values have their variables put in. */
  readonly env: Readonly<Record<string, string>>
  /** Absolute. Absent: the folder the gateway runs in. */
  readonly cwd?: string
}

export function readStdio(scope: Scope, members: Members, commandNode: JsonNode): StdioLaunch | undefined {
  const cwdNode = members.get('cwd')
  const cwd = cwdNode && readCwd(scope, cwdNode)
  const command = readCommand(scope, commandNode, cwd)
  const args = readArgs(scope, members.get('args'))
  const env = readEnv(scope, members.get('env'))
  if (command === undefined || args === undefined || env === undefined) return undefined
  if (cwdNode !== undefined && cwd === undefined) return undefined
  return { kind: 'stdio', command, args, env, ...(cwd === undefined ? {} : { cwd }) }
}

function readCwd(scope: Scope, node: JsonNode): string | undefined {
  const text = readString(scope, node, 'cwd')
  if (text !== '') return text === undefined ? undefined : resolve(scope.folder, expandHome(text, scope.env))
  scope.problem(
    'member_invalid',
    { offset: node.offset, member: 'cwd' },
    'is empty; name a folder or remove the member',
  )
  return undefined
}

function readCommand(scope: Scope, node: JsonNode, cwd: string | undefined): string | undefined {
  const text = readString(scope, node, 'command')
  if (text === undefined) return undefined
  const spot = { offset: node.offset, member: 'command' }
  const command = expandHome(text, scope.env)
  if (command.trim() === '') {
    scope.problem('member_invalid', spot, 'is empty; name the program to start')
    return undefined
  }
  if (!/\s/.test(command) || isProgram(command, cwd, scope)) return command
  const message =
    'holds spaces as a whole command line would, and no file has that name; put the program alone in "command" and ' +
    'each of its arguments as a string of its own in "args"'
  scope.problem('command_line', spot, message, commandLineHint(text))
  return undefined
}

/** Shows the first word and no more: the others may be credentials. */
function commandLineHint(text: string): string | undefined {
  const [first = '', ...rest] = text.trim().split(/\s+/)
  if (rest.length === 0) return 'remove the spaces around it'
  if (/^\w+=/.test(first)) return 'variables in front of a program go into "env"'
  return /^[\w@.-]+$/.test(first)
    ? `"command": "${first}", "args": [ ${rest.length === 1 ? 'the other word' : `the other ${rest.length} words`} ]`
    : undefined
}

/** Whether a name with spaces in it is a file after all: as a path, or in a folder of PATH. */
function isProgram(command: string, cwd: string | undefined, { env }: Scope): boolean {
  const folders = /[/\\]/.test(command) ? [cwd ?? ''] : (env['PATH'] ?? env['Path'] ?? '').split(delimiter)
  return folders.some(folder => isFile(resolve(folder, command)))
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile()
  } catch {
    return false // not there, too long to be a path, or in a closed folder: all the same to whoever wants to start it
  }
}

function readArgs(scope: Scope, node: JsonNode | undefined): readonly string[] | undefined {
  if (node === undefined) return []
  if (node.kind !== 'array') {
    const message = `found ${kindOf(node)} where an array of strings is expected; write ["one", "two"], one string for each argument`
    scope.problem('member_invalid', { offset: node.offset, member: 'args' }, message)
    return undefined
  }
  const texts = node.items.map((item, index) => readArgument(scope, item, `args[${index}]`))
  const args = texts.filter(text => text !== undefined)
  return args.length === texts.length ? args : undefined
}

function readArgument(scope: Scope, item: JsonNode, member: string): string | undefined {
  const text = readText(scope, item, member)
  if (text !== undefined && /^~(?:$|[/\\])/.test(text)) {
    scope.notice(
      { offset: item.offset, member },
      'begins with "~", which only a shell replaces; write ${HOME} to name the home folder',
    )
  }
  return text
}

function readEnv(scope: Scope, node: JsonNode | undefined): Readonly<Record<string, string>> | undefined {
  const texts = readTexts(scope, node, 'env')
  const misnamed = texts?.filter(({ key }) => key === '' || /[=\0]/.test(key)) ?? []
  for (const { key, offset } of misnamed) {
    scope.problem(
      'member_invalid',
      { offset, member: `env.${key.split('=')[0]}` },
      'is not a name of a variable; write "NAME": "value"',
    )
  }
  return texts === undefined || misnamed.length > 0
    ? undefined
    : Object.fromEntries(texts.map(({ key, text }) => [key, text]))
}
