import { existsSync, statSync } from 'node:fs'
import { basename, delimiter, dirname, isAbsolute, join, resolve } from 'node:path'

export type LaunchErrorCode =
  | 'command_not_found'
  | 'command_not_executable'
  | 'interpreter_not_found'
  | 'cwd_not_found'
  | 'batch_file'
  | 'still_running'
  | 'failed'

/** A local server could not be started or stopped. The message says what to change; it holds no arguments or variables. */
export class LaunchError extends Error {
  override readonly name: string = 'LaunchError'
  readonly code: LaunchErrorCode

  constructor(code: LaunchErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** What was to be started, and where its command was looked for. */
export interface LaunchAttempt {
  readonly command: string
  readonly cwd: string | undefined
  readonly path: string
}

/** Says why the system refused to start a command, which reports a missing directory as a missing command. */
export function explainLaunch(attempt: LaunchAttempt, cause: unknown): LaunchError {
  const { command, cwd } = attempt
  const errno = errorCode(cause)
  if (cwd !== undefined && !isDirectory(cwd)) {
    return new LaunchError(
      'cwd_not_found',
      `working directory ${quote(cwd)} of command ${quote(command)} is not an existing directory; create it or change "cwd"`,
      { cause },
    )
  }
  if (errno === 'ENOENT') return notFound(attempt, cause)
  if (errno === 'EACCES') {
    return new LaunchError(
      'command_not_executable',
      `command ${quote(command)} may not be executed; make the file executable, or start it through its interpreter`,
      { cause },
    )
  }
  return new LaunchError('failed', `command ${quote(command)} could not be started: ${reasonOf(errno, cause)}`, {
    cause,
  })
}

/**
 * The batch file that Windows would run for this command, if it is one. They run in cmd.exe, whose rules for quoting
 * cannot be met for all arguments, so an argument could become a command; therefore they are refused.
 */
export function batchFile({ command, cwd, path }: LaunchAttempt): string | undefined {
  if (/\.(cmd|bat)\s*$/i.test(command)) return command
  if (/\.\w+$/.test(basename(command))) return undefined
  for (const directory of searched(command, cwd, path)) {
    const file = join(directory, basename(command))
    if (existsSync(`${file}.com`) || existsSync(`${file}.exe`)) return undefined
    const batch = ['.bat', '.cmd'].map(extension => file + extension).find(existsSync)
    if (batch !== undefined) return batch
  }
  return undefined
}

export function batchFileRefused(command: string, file: string): LaunchError {
  return new LaunchError(
    'batch_file',
    `command ${quote(command)} is the batch file ${quote(file)}, which cannot be started safely without a shell; ` +
      `use "cmd" as the command and "/c", ${quote(command)} as its first arguments, or start the program it wraps`,
  )
}

function notFound({ command, cwd, path }: LaunchAttempt, cause: unknown): LaunchError {
  const found = searched(command, cwd, path)
    .map(directory => join(directory, basename(command)))
    .find(existsSync)
  if (found !== undefined) {
    return new LaunchError(
      'interpreter_not_found',
      `command ${quote(command)} is the file ${quote(found)}, but the interpreter or loader it names does not exist; ` +
        'install that, or start the file through another interpreter',
      { cause },
    )
  }
  const where = !isPath(command)
    ? `was not found on PATH (${clip(path, 120)})`
    : isAbsolute(command)
      ? 'does not exist'
      : `does not exist in ${quote(cwd ?? process.cwd())}, where relative commands are looked for`
  return new LaunchError('command_not_found', `command ${quote(command)} ${where}; ${adviceFor(command)}`, { cause })
}

/** Programs that people most often do not have, or not on the short PATH that a desktop gives its applications. */
const installs: Readonly<Record<string, string>> = {
  npx: 'install Node.js, which brings npx,',
  npm: 'install Node.js, which brings npm,',
  node: 'install Node.js',
  bunx: 'install Bun, which brings bunx,',
  bun: 'install Bun',
  uvx: 'install uv, which brings uvx,',
  uv: 'install uv',
  docker: 'install Docker',
  podman: 'install Podman',
  python: 'use "python3" if that is its name here, install Python',
  python3: 'install Python 3',
}

function adviceFor(command: string): string {
  const install = installs[basename(command).replace(/\.exe$/i, '')]
  if (isPath(command)) return install ? `${install} or correct the path` : 'correct the path'
  return `${install ?? 'install it'} or give the absolute path that "which ${clip(command, 100)}" prints in a terminal`
}

function reasonOf(errno: string | undefined, cause: unknown): string {
  switch (errno) {
    case 'E2BIG':
      return 'its arguments and environment are too long; pass large values in a file'
    case 'EMFILE':
    case 'ENFILE':
      return 'too many files are open; raise the limit (ulimit -n) or run fewer servers'
    case 'EAGAIN':
      return 'the limit of processes is reached; raise it (ulimit -u) or run fewer servers'
    case 'ENOTDIR':
      return 'a part of its path is not a directory; correct the path'
    case 'ERR_INVALID_ARG_VALUE':
      return 'the command must not be empty, and no argument or variable may hold a null character'
    default:
      return errno ?? (cause instanceof Error ? cause.message : String(cause))
  }
}

function searched(command: string, cwd: string | undefined, path: string): string[] {
  if (isPath(command)) return [dirname(resolve(cwd ?? '.', command))]
  return path.split(delimiter).filter(directory => directory !== '')
}

function isPath(command: string): boolean {
  return command.includes('/') || (process.platform === 'win32' && command.includes('\\'))
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}

function errorCode(cause: unknown): string | undefined {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : undefined
}

function quote(text: string): string {
  return JSON.stringify(clip(text, 200))
}

function clip(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}…` : text
}
