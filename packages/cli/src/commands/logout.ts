import { accounts, logout as logOut, statusOf } from '@interlock/auth'
import { Command } from 'commander'
import { credentials } from '../credentials.ts'
import { CommandError, exit } from '../exit.ts'
import { withoutControls } from '../foreign.ts'
import { type Io, print, tell } from '../io.ts'
import { holderOf } from '../login-lines.ts'
import { accountOf, fetchFor, programIn } from '../oauth-options.ts'
import { loginTarget } from '../target.ts'
import type { CommandFactory } from './index.ts'
import { loginsTo } from './whoami.ts'

interface LogoutOptions {
  readonly config?: string
  readonly account?: string
  readonly all?: true
}

export const logout: CommandFactory = (io, done) =>
  new Command('logout')
    .description('Forget a login, and have its tokens taken back where the authorization server does that.')
    .argument('<server>', 'name of a server in the configuration, or its URL')
    .option('-c, --config <file>', 'configuration (default: the nearest .mcp.json, here or above)')
    .option('--account <name>', 'which account (default: what the configuration says, else "default")')
    .option('--all', 'all accounts at this server')
    .action(async (server: string, options: LogoutOptions) => done(await leave(io, server, options)))

async function leave(io: Io, server: string, options: LogoutOptions): Promise<number> {
  if (options.all && options.account !== undefined) {
    throw new CommandError('--all is every account and --account is one; choose one of the two')
  }
  const { url, title, auth } = await loginTarget(io, server, options.config)
  const store = credentials(io)
  const there = loginsTo(url, await accounts(store))
  const account = options.account ?? accountOf(auth)
  const one = options.all ? undefined : await statusOf(store, url, account, await programIn(url, auth, store))
  const leaving = options.all ? there : one === undefined ? [] : [one]
  if (leaving.length === 0) {
    const others = there.length === 0 ? '' : `; there are: ${there.map(holderOf).join(', ')}`
    const which = options.all ? '' : ` as account "${account}"`
    tell(io, `there is no login to ${title}${which}${others}`)
    return exit.failed
  }
  for (const login of leaving) {
    const { isRevoked, reason } = await logOut(url, {
      store,
      account: login.account,
      ...(login.program && { program: login.program }),
      fetch: fetchFor(url, auth),
      signal: io.signal,
    })
    print(io, `logged out of ${title}, account "${holderOf(login)}"`)
    if (!isRevoked)
      tell(io, `note: its tokens are forgotten here, but ${withoutControls(reason ?? 'it had none left')}`)
  }
  return exit.ok
}
