import { deviceAuthorization, type LoginStatus, login as logIn } from '@interlock/auth'
import type { AuthSettings } from '@interlock/gateway'
import { Command } from 'commander'
import { credentials } from '../credentials.ts'
import { CommandError, exit } from '../exit.ts'
import { withoutControls } from '../foreign.ts'
import { type Io, print, tell } from '../io.ts'
import { loginLines } from '../login-lines.ts'
import { accountOf, isPersonal, oauthOptions } from '../oauth-options.ts'
import { personAt } from '../person.ts'
import { type LoginTarget, loginTarget } from '../target.ts'
import type { CommandFactory } from './index.ts'

interface LoginOptions {
  readonly config?: string
  readonly account?: string
  readonly device?: true
  readonly browser: boolean
  readonly paste?: true
  readonly scope?: readonly string[]
  readonly clientId?: string
  readonly clientSecretEnv?: string
  readonly issuer?: string
  readonly clientMetadataUrl?: string
}

export const login: CommandFactory = (io, done) =>
  new Command('login')
    .description(
      'Log in to a server that wants it. The gateway uses the login from then on, one that runs already too.',
    )
    .argument('<server>', 'name of a server in the configuration, or its URL')
    .option('-c, --config <file>', 'configuration (default: the nearest .mcp.json, here or above)')
    .option(
      '--account <name>',
      'which of your accounts there this is (default: what the configuration says, else "default")',
    )
    .option('--device', 'show a code to be entered on another device: for machines without a browser')
    .option('--no-browser', 'only print the address to open')
    .option('--paste', 'take the address that the browser ends at from the terminal: for a browser on another machine')
    .option('--scope <scope...>', 'scopes to ask for, instead of those that the server names')
    .option('--client-id <id>', 'id under which you registered a client there by hand')
    .option('--client-secret-env <name>', 'environment variable that holds the secret of that client')
    .option('--issuer <url>', 'authorization server that the client id is for')
    .option('--client-metadata-url <url>', "https URL of a client's metadata document, as its id")
    .addHelpText('after', notes)
    .action(async (server: string, options: LoginOptions) => done(await enter(io, server, options)))

const notes = `
What is kept are tokens, encrypted, with the key in the key ring of the system where there is one; never a password, and
nothing in the configuration. Remove them with: interlock logout <server>`

async function enter(io: Io, server: string, options: LoginOptions): Promise<number> {
  const target = await loginTarget(io, server, options.config)
  const auth = merged(io, target.auth, options)
  const store = credentials(io)
  const presence = personAt(io, { noBrowser: !options.browser, pasteUrl: options.paste === true })
  const isByCode = options.device === true || (auth.grant === 'device_code' && options.paste !== true)
  tell(io, `logging in to ${target.title}, account "${accountOf(auth)}"`)
  const status = await logIn(target.url, {
    ...(await oauthOptions(target.url, auth, store)),
    ...(isPersonal(auth) && { presence }),
    ...(isByCode && { grant: deviceAuthorization(presence) }),
    onStep: (_, what) => tell(io, `  ${withoutControls(what)}`),
    signal: io.signal,
  })
  print(io, `logged in to ${target.title}`)
  for (const line of loginLines(status)) print(io, `  ${line}`)
  tell(io, `kept in ${store.description}`)
  hint(io, target, status)
  return exit.ok
}

/** What the command line says counts more than the configuration. */
function merged(io: Io, auth: AuthSettings, options: LoginOptions): AuthSettings {
  const { account, scope, clientId, issuer, clientMetadataUrl, clientSecretEnv } = options
  if (options.device && options.paste) throw new CommandError('--device and --paste are two ways to log in; choose one')
  if ((clientSecretEnv !== undefined || issuer !== undefined) && clientId === undefined) {
    throw new CommandError('--client-secret-env and --issuer say more of a client; add its --client-id')
  }
  const clientSecret = clientSecretEnv === undefined ? undefined : io.env[clientSecretEnv]
  if (clientSecretEnv !== undefined && !clientSecret) {
    throw new CommandError(`the environment variable ${clientSecretEnv} is not set; put the client's secret into it`)
  }
  const { clientId: _id, clientSecret: _secret, issuer: _issuer, privateKeyFile: _key, ...others } = auth
  const scopes = scope?.flatMap(text => text.split(/[\s,]+/).filter(Boolean))
  const given = Object.entries({ account, scopes, clientId, clientSecret, issuer, clientMetadataUrl })
  return {
    // Another client brings its own secret and issuer, or has none.
    ...(clientId === undefined ? auth : others),
    ...Object.fromEntries(given.filter(([, value]) => value !== undefined)),
  }
}

function hint(io: Io, { auth, isConfigured }: LoginTarget, { account }: LoginStatus): void {
  if (!isConfigured || accountOf(auth) === account) return
  if (auth.perUser === true) {
    tell(io, `it is used for the calls of the user ${JSON.stringify(account)}, and of nobody else`)
    return
  }
  tell(
    io,
    `note: the configuration uses account "${accountOf(auth)}" for this server; write "auth": { "account": ${JSON.stringify(account)} } there to use this one`,
  )
}
