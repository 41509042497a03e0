import { chmod } from 'node:fs/promises'
import { protect } from '@interlock/auth'
import { server, text, tool } from '@interlock/server'
import { type HttpListener, listenHttp } from '@interlock/transport/node'
import { startProvider, type TestProvider } from '../../packages/auth/src/testing/provider.ts'
import { startSite } from '../../packages/auth/src/testing/site.ts'
import { interlock, type RunOptions, run, start } from './command.ts'
import { type Scratch, scratch } from './scratch.ts'

type ProviderOptions = NonNullable<Parameters<typeof startProvider>[0]>

/** An authorization server, a protected server, and a person whose browser does what it is told without a screen. */
export interface Logins extends AsyncDisposable {
  readonly folder: Scratch
  readonly provider: TestProvider
  readonly listener: HttpListener
  /** Runs the command of a person who has such a browser. */
  interlock(...args: string[]): ReturnType<typeof run>
  /** The same, of one who logs in there under this name. Without it, `alice`. */
  interlockAs(account: string, ...args: string[]): ReturnType<typeof run>
  /** Starts it, and lets it run. */
  begin(...args: string[]): ReturnType<typeof start>
  readonly options: RunOptions
}

/** Needs `files:read` for everything, `files:write` for one of its tools. */
export const guarded = (): ReturnType<typeof server> =>
  server({
    name: 'guarded',
    version: '1.0.0',
    tools: [
      tool('whoami', {}, (_, { principal }) => text(principal?.subject ?? 'nobody')),
      tool('write', { scopes: ['files:write'] }, () => text('written')),
    ],
  })

export async function logins(options: ProviderOptions = {}): Promise<Logins> {
  const folder = await scratch()
  const provider = await startProvider(options)
  const listener = await listenHttp(guarded().receiver, {
    auth: resource => protect({ issuer: provider.issuer, resource, scopes: { required: ['files:read'] } }),
  })
  const walker = await startSite({
    'POST /walk': async ({ body, headers }) => {
      await fetch(await provider.agree(body, { account: String(headers['x-account']) }))
      return {}
    },
  })
  const script = `#!${process.execPath}
const headers = { 'x-account': process.env.ACCOUNT ?? 'alice' }
fetch(process.env.WALKER, { method: 'POST', headers, body: process.argv[2] })
`
  const browser = await folder.file('browser.cjs', script)
  await chmod(browser, 0o700)
  const own: RunOptions = { cwd: folder.path, env: { BROWSER: browser, WALKER: `${walker.origin}/walk` } }
  return {
    folder,
    provider,
    listener,
    options: own,
    interlock: (...args) => run(interlock, args, own),
    interlockAs: (account, ...args) => run(interlock, args, { ...own, env: { ...own.env, ACCOUNT: account } }),
    begin: (...args) => start(interlock, args, own),
    async [Symbol.asyncDispose]() {
      for (const part of [listener, walker, provider, folder]) await part[Symbol.asyncDispose]()
    },
  }
}
