import { type AuthSettings, takesLogin } from '@interlock/gateway'
import { configured } from './configured.ts'
import { CommandError } from './exit.ts'
import type { Io } from './io.ts'
import { only } from './only.ts'

/** A server to log in to. */
export interface LoginTarget {
  readonly url: URL
  /** As messages call it. */
  readonly title: string
  /** What the configuration says of the login; nothing for a URL. */
  readonly auth: AuthSettings
  readonly isConfigured: boolean
}

/**
 * The server that is named: by its name in the configuration, or by its URL.
 * @throws CommandError for one that nobody can log in to
 */
export async function loginTarget(io: Io, server: string, config: string | undefined): Promise<LoginTarget> {
  if (/^https?:\/\//i.test(server)) {
    if (!URL.canParse(server)) throw new CommandError(`"${server}" is not a valid URL; write it as https://host/path`)
    const url = new URL(server)
    if (url.username !== '' || url.password !== '')
      throw new CommandError('the URL of a server holds no user or password')
    return { url, title: url.href, auth: {}, isConfigured: false }
  }
  const [spec] = only(await configured(io, config), server)
  if (spec === undefined || spec.kind === 'stdio') {
    throw new CommandError(`server "${server}" is a program on this machine; there is nothing to log in to`)
  }
  if (!takesLogin(spec)) {
    const why = spec.auth === false ? 'has "auth": false' : 'has an "Authorization" of its own in "headers"'
    throw new CommandError(`server "${server}" ${why} in the configuration; remove that to log in instead`)
  }
  return { url: spec.url, title: `${server} (${spec.url.href})`, auth: spec.auth || {}, isConfigured: true }
}
