import { accounts, identityOf, type LoginStatus, statusOf } from '@interlock/auth'
import { Command } from 'commander'
import { credentials } from '../credentials.ts'
import { exit } from '../exit.ts'
import { type Io, print, printJson, tell } from '../io.ts'
import { holderOf, loginJson, loginLines } from '../login-lines.ts'
import { accountOf, programIn } from '../oauth-options.ts'
import { loginTarget } from '../target.ts'
import type { CommandFactory } from './index.ts'

interface WhoamiOptions {
  readonly config?: string
  readonly account?: string
  readonly json?: true
}

export const whoami: CommandFactory = (io, done) =>
  new Command('whoami')
    .description('Say who you are logged in as at a server, with which scopes, and until when. Shows no token.')
    .argument('<server>', 'name of a server in the configuration, or its URL')
    .option('-c, --config <file>', 'configuration (default: the nearest .mcp.json, here or above)')
    .option('--account <name>', 'which account (default: what the configuration says, else "default")')
    .option('--json', 'print JSON')
    .action(async (server: string, options: WhoamiOptions) => done(await tellWho(io, server, options)))

async function tellWho(io: Io, server: string, options: WhoamiOptions): Promise<number> {
  const { url, title, auth } = await loginTarget(io, server, options.config)
  const account = options.account ?? accountOf(auth)
  const store = credentials(io)
  const program = await programIn(url, auth, store)
  const status = await statusOf(store, url, account, program)
  if (status === undefined) {
    const there = loginsTo(url, await accounts(store))
    const others = there.length === 0 ? '' : `; there are: ${there.map(holderOf).join(', ')}`
    tell(io, `you are not logged in to ${title} as account "${account}"${others}`)
    if (options.json) printJson(io, null)
    return exit.failed
  }
  const identity = await identityOf(store, url, account, program)
  if (options.json) printJson(io, { ...loginJson(status), ...(identity && { identity }) })
  else for (const line of loginLines(status, identity)) print(io, line)
  return status.state === 'live' ? exit.ok : exit.failed
}

/** The logins to one server, whichever way its URL is written. */
export const loginsTo = (url: URL, logins: readonly LoginStatus[]): readonly LoginStatus[] =>
  logins.filter(({ server }) => server === `${url.origin}${url.pathname}${url.search}`)
