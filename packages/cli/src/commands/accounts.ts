import { accounts as allAccounts } from '@interlock/auth'
import { Command } from 'commander'
import { credentials } from '../credentials.ts'
import { exit } from '../exit.ts'
import { withoutControls } from '../foreign.ts'
import { type Io, paint, print, printJson, tell } from '../io.ts'
import { holderOf, loginJson, stateOf } from '../login-lines.ts'
import type { CommandFactory } from './index.ts'

interface AccountsOptions {
  readonly json?: true
}

export const accounts: CommandFactory = (io, done) =>
  new Command('accounts')
    .description('List all logins that are kept here, and which of them have ended.')
    .option('--json', 'print JSON')
    .action(async (options: AccountsOptions) => done(await listAccounts(io, options)))

async function listAccounts(io: Io, options: AccountsOptions): Promise<number> {
  const logins = await allAccounts(credentials(io))
  if (options.json) printJson(io, logins.map(loginJson))
  else if (logins.length === 0) tell(io, 'there are no logins; make one with: interlock login <server>')
  const { good, bad, dim } = paint(io)
  const width = Math.max(0, ...logins.map(({ server }) => server.length))
  for (const status of options.json ? [] : logins) {
    const mark = status.state === 'live' ? good('✓') : bad('✗')
    const facts = withoutControls(`${status.server.padEnd(width)}  ${holderOf(status)}  ${stateOf(status)}`)
    print(io, `${mark} ${facts}  ${dim(withoutControls(status.issuer))}`)
  }
  return exit.ok
}
