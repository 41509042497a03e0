import type { Command } from 'commander'
import type { Io } from '../io.ts'

/** Makes one command of the command line; it tells its exit code through `done`. */
export type CommandFactory = (io: Io, done: (exitCode: number) => void) => Command

/** Every command, in the order of the help. */
const commands: Readonly<Record<string, () => Promise<CommandFactory>>> = {
  up: async () => (await import('./up.ts')).up,
  run: async () => (await import('./run.ts')).run,
  list: async () => (await import('./list.ts')).list,
  tools: async () => (await import('./tools.ts')).tools,
  call: async () => (await import('./call.ts')).call,
  login: async () => (await import('./login.ts')).login,
  logout: async () => (await import('./logout.ts')).logout,
  accounts: async () => (await import('./accounts.ts')).accounts,
  whoami: async () => (await import('./whoami.ts')).whoami,
  keys: async () => (await import('./keys.ts')).keys,
}

/**
 * The commands that a command line can be about: the one that its first word names, none where it asks for the version,
 * all for anything else (help, a mistyped name). Others are not loaded: the gateway and what it stands on take four
 * times as long to load as Node takes to start.
 */
export async function commandsFor([first = '']: readonly string[]): Promise<readonly CommandFactory[]> {
  if (first === '-V' || first === '--version') return []
  const named = Object.hasOwn(commands, first) ? commands[first] : undefined
  return named === undefined ? Promise.all(Object.values(commands).map(load => load())) : [await named()]
}
