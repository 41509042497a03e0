import type { Command } from 'commander'
import type { Io } from '../io.ts'
import { accounts } from './accounts.ts'
import { call } from './call.ts'
import { keys } from './keys.ts'
import { list } from './list.ts'
import { login } from './login.ts'
import { logout } from './logout.ts'
import { run } from './run.ts'
import { tools } from './tools.ts'
import { up } from './up.ts'
import { whoami } from './whoami.ts'

/** Makes one command of the command line; it tells its exit code through `done`. */
export type CommandFactory = (io: Io, done: (exitCode: number) => void) => Command

/** Every command, in the order of the help. */
export const commands: readonly CommandFactory[] = [up, run, list, tools, call, login, logout, accounts, whoami, keys]
