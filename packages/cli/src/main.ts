import { Command, CommanderError } from 'commander'
import { commandsFor } from './commands/index.ts'
import { CommandError, exit } from './exit.ts'
import { type Io, tell } from './io.ts'
import { version } from './version.ts'

/** Runs the `interlock` command and gives its exit code. Never throws. */
export async function main(argv: readonly string[], io: Io = processIo()): Promise<number> {
  let code: number = exit.ok
  const program = new Command('interlock')
    .description('One gateway in front of all your MCP servers, for every AI client and every protocol revision.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .helpCommand('help [command]', 'show help for a command')
    .showSuggestionAfterError()
    .showHelpAfterError('(run with --help to see what can be used)')
    .configureOutput({
      writeOut: text => void io.stdout.write(text),
      writeErr: text => void io.stderr.write(text),
    })
    .addHelpText('after', examples)
    .exitOverride()
  try {
    for (const command of await commandsFor(argv)) {
      const made = command(io, result => {
        code = result
      }).copyInheritedSettings(program)
      for (const child of made.commands) child.copyInheritedSettings(made)
      program.addCommand(made)
    }
    await program.parseAsync(argv, { from: 'user' })
    return code
  } catch (error) {
    return failureOf(error, io)
  }
}

const examples = `
Examples:
  interlock up                              serve what .mcp.json names on http://127.0.0.1:7411/mcp
  interlock up --config servers.json        the same with another file
  interlock list                            which servers are up, and why one is not
  interlock tools filesystem                what a server offers
  interlock call filesystem read_file path=README.txt
  interlock login tracker                   log in to a server that wants it

Exit codes: 0 done; 1 it failed (a tool's error, a server that is down); 2 wrong usage or configuration; 130 interrupted before it was done.`

function failureOf(error: unknown, io: Io): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exit.ok : exit.usage
  if (io.signal.aborted) return exit.interrupted
  if (error instanceof CommandError) {
    tell(io, `error: ${error.message}`)
    return error.exitCode
  }
  const message = error instanceof Error ? error.message : String(error)
  tell(io, `error: ${message}`)
  if (io.env['INTERLOCK_DEBUG'] && error instanceof Error && error.stack) tell(io, error.stack)
  return exit.failed
}

/** The process's own streams; the first Ctrl-C or SIGTERM ends commands in order, a second one at once. */
function processIo(): Io {
  const ending = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (ending.signal.aborted) process.exit(exit.interrupted)
      ending.abort(new Error(`stopped by ${signal}`))
    })
  }
  const { stdin, stdout, stderr, env } = process
  for (const stream of [stdout, stderr]) {
    // Whoever reads our output has seen enough, as `head` does: that ends the command, and is no error.
    stream.on('error', error => ending.abort(error))
  }
  return { stdin, stdout, stderr, env, cwd: process.cwd(), signal: ending.signal }
}
