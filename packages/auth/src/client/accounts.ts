import { type HttpSend, platformSend } from '@interlock/transport'
import { allowInsecureRequests, customFetch, revocationRequest } from 'oauth4webapi'
import { type Demand, demandOf } from './challenge.ts'
import { exposed, isConfidential } from './confidential.ts'
import { AuthorizationError, type CredentialStore } from './contract.ts'
import { type Flow, reasonOf, told } from './flow.ts'
import { clientAuthentication } from './grants/client-authentication.ts'
import { Login } from './login.ts'
import { memoryStore } from './memory-store.ts'
import { type Program, programKey } from './program.ts'
import { allLogins, exclusively, type LoginRecord, loginKey, readLogin } from './records.ts'
import { discoverOrigin, discoverServer } from './server-metadata.ts'
import { defaultAccount, type OAuthOptions, settled } from './settings.ts'

/** What can be told of a login. Has nothing secret. */
export interface LoginStatus {
  readonly server: string
  readonly account: string
  /** The program whose own right it is. Absent: it is a person's login. */
  readonly program?: Program
  readonly issuer: string
  /**
   * `live`: it has a token, or can refresh it. `expired`: its token is over and there is no way to refresh it. `ended`:
   * the authorization server does not refresh it any more. The last two need a new login.
   */
  readonly state: 'live' | 'expired' | 'ended'
  /** Why it ended. */
  readonly reason?: string
  readonly scope?: string
  readonly expiresAtMs?: number
  readonly canRefresh: boolean
  readonly obtainedAtMs: number
}

export interface LoginOptions extends OAuthOptions {
  /** Sends the request that finds out what the server wants. Default: the platform. */
  readonly send?: HttpSend
  readonly signal?: AbortSignal
}

/**
 * Logs in to a server before anything is asked of it, or anew when there is a login already.
 * @throws AuthorizationError
 */
export async function login(server: URL, options: LoginOptions): Promise<LoginStatus> {
  const { send = platformSend, signal, store = memoryStore() } = options
  const settings = settled(options, store, server)
  if (!isConfidential(server)) throw exposed(server)
  settings.onStep('resource metadata', `asking ${told(server)} what it wants`)
  const { demand, isDemanded } = await demandedBy(server, send, signal)
  return statusFrom(await new Login(server, settings).enter(demand, isDemanded, signal))
}

/** Asks without a token. Whatever the server thinks of the request, it says first that it needs one. */
async function demandedBy(
  server: URL,
  send: HttpSend,
  signal: AbortSignal | undefined,
): Promise<{ readonly demand: Demand; readonly isDemanded: boolean }> {
  const answer = await send({
    url: server,
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' }),
    ...(signal && { signal }),
  }).catch((error: unknown) => {
    signal?.throwIfAborted()
    throw new AuthorizationError('resource metadata', `${told(server)} can't be reached: ${reasonOf(error)}`)
  })
  const { status } = answer
  const demand = demandOf(answer.header('www-authenticate'))
  answer.close()
  if (status === 401 && demand === undefined) {
    throw new AuthorizationError(
      'resource metadata',
      `${told(server)} wants credentials of another kind than OAuth; send them as a header`,
    )
  }
  if (status === 404) {
    throw new AuthorizationError('resource metadata', `${told(server)} answered HTTP 404; check the path of the URL`)
  }
  return { demand: demand ?? {}, isDemanded: status === 401 }
}

/** Whether the authorization server was told that a login is over, and if not, why. */
export interface LogoutResult {
  readonly wasLoggedIn: boolean
  readonly isRevoked: boolean
  readonly reason?: string
}

/** Removes a login from the store, and revokes its tokens where the authorization server takes that (RFC 7009). */
export async function logout(
  server: URL,
  options: Pick<LoginOptions, 'account' | 'fetch' | 'policy' | 'onStep' | 'signal'> & {
    readonly store: CredentialStore
    /** Whose own right is given up, as its status has it. Default: the account's login is. */
    readonly program?: Program
  },
): Promise<LogoutResult> {
  const { store, account, fetch, onStep } = settled(options, options.store, server)
  const key = loginKey(server, account, options.program)
  return exclusively(store, key, async () => {
    const known = await readLogin(store, key)
    await store.delete(key)
    if (known?.tokens === undefined) return { wasLoggedIn: known !== undefined, isRevoked: false }
    const flow = { fetch, onStep, signal: options.signal ?? new AbortController().signal }
    try {
      await revoke(flow, server, known)
      return { wasLoggedIn: true, isRevoked: true }
    } catch (error) {
      const reason = error instanceof AuthorizationError ? error.message : `${known.issuer} can't be reached`
      return { wasLoggedIn: true, isRevoked: false, reason }
    }
  })
}

/** Longest wait for the answer to a revocation. The login is gone by then; nobody should wait for long to hear more. */
const revocationMs = 15_000

async function revoke(flow: Flow, server: URL, { issuer, foundBy, client, tokens }: LoginRecord): Promise<void> {
  const authority =
    foundBy === 'origin' ? await discoverOrigin(flow, server.origin) : await discoverServer(flow, issuer)
  if (authority.revocation_endpoint === undefined || client === undefined || tokens === undefined) {
    throw new AuthorizationError('token', `${issuer} takes no tokens back; they end by themselves`)
  }
  const authentication = await clientAuthentication(client, 'token')
  const response = await revocationRequest(
    authority,
    { client_id: client.clientId },
    authentication,
    tokens.refreshToken ?? tokens.accessToken,
    {
      [allowInsecureRequests]: true, // which URLs may be fetched is for `fetch` to decide
      [customFetch]: (url, { body, headers, method, redirect, signal }) =>
        flow.fetch(url, { body: body ?? null, headers, method, redirect, ...(signal && { signal }) }),
      signal: AbortSignal.any([flow.signal, AbortSignal.timeout(revocationMs)]),
    },
  )
  await response.body?.cancel()
  if (response.status !== 200) {
    throw new AuthorizationError('token', `${issuer} did not take the tokens back: it answered HTTP ${response.status}`)
  }
}

/** All logins of a store and what programs have, in the order of servers and accounts. */
export async function accounts(store: CredentialStore): Promise<readonly LoginStatus[]> {
  const logins = (await allLogins(store)).map(statusFrom)
  const keyOf = ({ server, account, program }: LoginStatus): string =>
    [server, account, ...(program === undefined ? [] : programKey(program))].join(' ')
  return logins.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
}

/** What the store has of one account's login to a server, or of a program's right there. */
export async function statusOf(
  store: CredentialStore,
  server: URL,
  account: string = defaultAccount,
  program?: Program,
): Promise<LoginStatus | undefined> {
  const known = await readLogin(store, loginKey(server, account, program))
  return known && statusFrom(known)
}

function statusFrom(login: LoginRecord): LoginStatus {
  const { server, account, program, issuer, tokens, ended, client, obtainedAtMs } = login
  const canRefresh = tokens?.refreshToken !== undefined && client !== undefined
  const isOver = tokens?.expiresAtMs !== undefined && tokens.expiresAtMs <= Date.now()
  return {
    server,
    account,
    ...(program !== undefined && { program }),
    issuer,
    state: tokens === undefined ? 'ended' : isOver && !canRefresh ? 'expired' : 'live',
    canRefresh,
    obtainedAtMs,
    ...(ended !== undefined && { reason: ended }),
    ...(tokens?.scope !== undefined && { scope: tokens.scope }),
    ...(tokens?.expiresAtMs !== undefined && { expiresAtMs: tokens.expiresAtMs }),
  }
}
