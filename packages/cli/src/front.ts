import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { protect, type StaticKey } from '@interlock/auth'
import { isLoopbackHost, type Protection } from '@interlock/transport'
import { CommandError } from './exit.ts'
import { type Io, tell } from './io.ts'
import { readKeys, staticKey } from './keys-file.ts'

/** Who may use the gateway, from the command line. */
export interface FrontOptions {
  readonly host: string
  readonly allowUnauthenticated?: true
  readonly authIssuer?: string
  readonly authResource?: string
  readonly authScope?: readonly string[]
  readonly authAudience?: readonly string[]
  readonly authTokenType?: readonly string[]
  readonly apiKeys?: string
  readonly sse?: true
}

/** The gateway's front door. */
export interface Front {
  /** Makes the protection, once the endpoint is known. @throws TypeError for options that would not protect */
  readonly auth: (endpoint: URL) => Protection
  /** For people: who is let in. */
  readonly lines: readonly string[]
}

/**
 * What the command line wants of those who use the gateway; undefined where nobody has to say who they are.
 * @throws CommandError for what would leave the gateway open by mistake
 */
export async function frontOf(io: Io, options: FrontOptions): Promise<Front | undefined> {
  refuseContradictions(options)
  const { authIssuer, apiKeys } = options
  if (authIssuer === undefined && apiKeys === undefined) return undefined
  const file = apiKeys === undefined ? undefined : resolve(io.cwd, apiKeys)
  const keys = file === undefined ? [] : (await readKeys(file)).map(staticKey)
  if (authIssuer === undefined && keys.length === 0) {
    throw new CommandError(`${apiKeys} has no keys; add one with: interlock keys add NAME --file ${apiKeys}`)
  }
  return {
    auth: endpoint => {
      const guard = guardOf(options, endpoint)
      return file === undefined ? guard(keys) : watched(io, file, guard, keys)
    },
    lines: [
      ...(authIssuer === undefined ? [] : [`log in at ${authIssuer}`]),
      ...(file === undefined ? [] : [`keys of ${file}, as "Authorization: Bearer <key>"`]),
    ],
  }
}

function refuseContradictions(options: FrontOptions): void {
  const { host, authIssuer, authResource, apiKeys, allowUnauthenticated } = options
  const isOpen = authIssuer === undefined && apiKeys === undefined
  if (!isOpen && allowUnauthenticated) {
    throw new CommandError('--allow-unauthenticated lets everybody in, and --auth-issuer and --api-keys do not; choose')
  }
  for (const [name, value] of [
    ['--auth-resource', authResource],
    ['--auth-scope', options.authScope],
    ['--auth-audience', options.authAudience],
    ['--auth-token-type', options.authTokenType],
  ] as const) {
    if (authIssuer === undefined && value !== undefined) {
      throw new CommandError(`${name} is about logins; say with --auth-issuer where people log in`)
    }
  }
  if (isOpen && !isLoopbackHost(host) && !allowUnauthenticated) {
    throw new CommandError(
      `on ${host} anyone who reaches this machine could use your servers; have people log in with --auth-issuer and ` +
        '--auth-resource, or hand out keys with --api-keys (interlock keys add), or leave out --host; ' +
        '--allow-unauthenticated lets everybody in, where the network is yours',
    )
  }
  if (authIssuer !== undefined && authResource === undefined && !isLoopbackHost(host)) {
    throw new CommandError(
      `say with --auth-resource which https URL clients use for the gateway on ${host}: tokens are made for that URL`,
    )
  }
}

/** Makes the protection with other keys. */
type Guard = (keys: readonly StaticKey[]) => Protection

function guardOf(
  { authIssuer, authResource, authScope, authAudience, authTokenType, sse }: FrontOptions,
  endpoint: URL,
): Guard {
  // Static keys are for no URL in particular, so any of this machine will do for them.
  const origin = isLoopbackHost(endpoint.hostname) ? endpoint.origin : `http://127.0.0.1:${endpoint.port}`
  // Clients take a resource that is the URL which they use, or above it: with two endpoints, the one above both.
  const own = sse ? origin : `${origin}${endpoint.pathname}`
  return keys => {
    if (authIssuer === undefined && keys.length === 0) return nobody
    return protect({
      resource: authResource ?? own,
      keys,
      name: 'Interlock',
      ...(authIssuer === undefined ? {} : { issuer: authIssuer }),
      ...(authScope === undefined ? {} : { scopes: { required: authScope } }),
      ...(authAudience === undefined ? {} : { audience: authAudience }),
      ...(authTokenType === undefined ? {} : { tokenTypes: authTokenType }),
    })
  }
}

/** All keys were withdrawn. */
const nobody: Protection = {
  authenticate: async () => ({
    status: 401,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store', 'www-authenticate': 'Bearer' },
    text: 'no key is good for this server now\n',
  }),
}

/** A key that is withdrawn is refused after this time at most, and a file is not looked at for each of many requests. */
const lookMs = 1_000

/** A protection that follows its file of keys. When the file cannot be read or used, no key is good. */
function watched(io: Io, file: string, guard: Guard, first: readonly StaticKey[]): Protection {
  let current = guard(first)
  let seen = ''
  let lookedAt = 0
  let looking: Promise<void> | undefined
  const look = async (): Promise<void> => {
    const now = await stamp(file)
    if (now === seen) return
    seen = now
    try {
      current = guard((await readKeys(file)).map(staticKey))
    } catch (error) {
      current = guard([])
      tell(io, `error: no key is good now: ${error instanceof Error ? error.message : 'the keys cannot be read'}`)
    }
  }
  return {
    ...(current.documents === undefined ? {} : { documents: current.documents }),
    async authenticate(request) {
      if (Date.now() - lookedAt >= lookMs) {
        looking ??= look().finally(() => {
          lookedAt = Date.now()
          looking = undefined
        })
      }
      await looking
      return current.authenticate(request)
    },
    challenge: (scopes, request) => current.challenge?.(scopes, request) ?? { status: 403, headers: {} },
  }
}

/** Changes whenever the file does; the rights to it count as well. */
async function stamp(file: string): Promise<string> {
  try {
    const { mtimeMs, ctimeMs, size, ino } = await stat(file)
    return [mtimeMs, ctimeMs, size, ino].join(' ')
  } catch {
    return 'missing'
  }
}
