import type { AuthorizationServer } from 'oauth4webapi'
import { keepToIssuer } from './binding.ts'
import type { Demand } from './challenge.ts'
import {
  AuthorizationError,
  type ClientRegistration,
  type Grant,
  type GrantRequest,
  type Prover,
  type Tokens,
} from './contract.ts'
import { dpopAlgorithm, prover } from './dpop.ts'
import { type Flow, told } from './flow.ts'
import { requestTokens } from './grants/token-request.ts'
import { programOf } from './program.ts'
import { type LoginRecord, serverKey } from './records.ts'
import { register } from './register.ts'
import { canonical, discoverResource } from './resource-metadata.ts'
import { chooseScope, unionOf } from './scopes.ts'
import { discoverOrigin, discoverServer } from './server-metadata.ts'
import type { Settings } from './settings.ts'
import { Trial } from './trial.ts'

/** What discovery found out about a server. */
export interface Place {
  readonly authority: AuthorizationServer
  readonly foundBy: LoginRecord['foundBy']
  readonly resource: string
  readonly offered: readonly string[] | undefined
  readonly requiresDpop: boolean
}

/** Why a server is looked at. */
interface Occasion {
  readonly demand: Demand
  readonly earlier: LoginRecord | undefined
  /** Whether the server has refused a request without a login. Default: yes. */
  readonly isDemanded?: boolean
}

/** From a server's challenge to its authorization server, read anew each time: a server may move to another one. */
export async function discover(
  flow: Flow,
  server: URL,
  { identity, grant, requireExactResource }: Settings,
  { demand, earlier, isDemanded = true }: Occasion,
): Promise<Place> {
  const metadata = await discoverResource(flow, server, demand.resourceMetadata, { isExact: requireExactResource })
  if (metadata === undefined && !isDemanded) {
    const message = `${told(server)} did not ask for a login, and has no metadata that says where; it may need none`
    throw new AuthorizationError('resource metadata', message)
  }
  if (metadata === undefined) {
    const authority = await discoverOrigin(flow, server.origin)
    return { authority, foundBy: 'origin', resource: canonical(server), offered: undefined, requiresDpop: false }
  }
  const { authorizationServers, resource, scopesSupported: offered, requiresDpop } = metadata
  const own = [...(identity.clients ?? []), grant?.credentials]
  const preferred = new Set([...own.map(credentials => credentials?.issuer), earlier?.issuer])
  const issuer = authorizationServers.find(name => preferred.has(name)) ?? authorizationServers[0] ?? ''
  return { authority: await discoverServer(flow, issuer), foundBy: 'resource', resource, offered, requiresDpop }
}

/** Asks for tokens by the grant. */
export async function obtain(
  flow: Flow,
  server: URL,
  settings: Settings,
  wish: {
    readonly grant: Grant
    readonly place: Place
    readonly demand: Demand
    /** The login before, if it was at the same authorization server. */
    readonly earlier: LoginRecord | undefined
  },
): Promise<LoginRecord> {
  const { grant, place, demand, earlier } = wish
  const { authority, resource, foundBy } = place
  const { store, account } = settings
  if (grant.credentials !== undefined) await keepToIssuer(store, server, authority.issuer, grant.credentials)
  const scope = chooseScope({
    challenged: demand.scope,
    offered: settings.scope === undefined ? place.offered : undefined,
    earlier: unionOf(earlier?.requestedScope, settings.scope),
    known: authority.scopes_supported,
    isLasting: grant.isInteractive,
  })
  let client: ClientRegistration | undefined
  const trial = new Trial(store, authority.issuer)
  const request: GrantRequest = {
    server: authority,
    resource,
    scope,
    fetch: flow.fetch,
    signal: flow.signal,
    prover: settings.dpop || place.requiresDpop ? await freshProver(authority) : undefined,
    async registration(needs) {
      client = await register(flow, { issuer: authority, server, store }, settings.identity, needs)
      await trial.begin(client)
      return client
    },
  }
  flow.onStep('authorization', `asking ${authority.issuer} for access (${grant.name})`)
  const tokens = await trial.of(() => grant.obtain(request))
  flow.onStep('token', `${authority.issuer} gave access`)
  const program = programOf(grant)
  return {
    server: serverKey(server),
    account,
    ...(program !== undefined && { program }),
    issuer: authority.issuer,
    foundBy,
    resource,
    ...(client !== undefined && { client }),
    ...(scope !== undefined && { requestedScope: scope }),
    obtainedAtMs: Date.now(),
    tokens,
  }
}

async function freshProver(authority: AuthorizationServer): Promise<Prover> {
  const algorithm = dpopAlgorithm(authority.dpop_signing_alg_values_supported)
  if (algorithm !== undefined) return prover(algorithm)
  throw new AuthorizationError(
    'token',
    `tokens have to be bound to a key, and ${authority.issuer} takes no kind of key that this client has; ask whoever runs it to allow ES256`,
  )
}

/**
 * Swaps the refresh token for new tokens, where they came from. It is not given up half-way: the server may have used
 * the old refresh token up already.
 */
export async function refresh(
  flow: Flow,
  server: URL,
  login: LoginRecord,
  tokens: Tokens,
  authority?: AuthorizationServer,
): Promise<LoginRecord> {
  const { issuer, foundBy, resource, client } = login
  const patient = { ...flow, signal: new AbortController().signal }
  flow.onStep('refresh', `refreshing the login at ${issuer}`)
  const from =
    authority ??
    (foundBy === 'origin' ? await discoverOrigin(patient, server.origin) : await discoverServer(patient, issuer))
  const request: GrantRequest = {
    server: from,
    resource,
    scope: tokens.scope,
    fetch: flow.fetch,
    signal: patient.signal,
    prover: tokens.key === undefined ? undefined : await prover('ES256', tokens.key),
    registration: async () => client ?? Promise.reject(new TypeError('a refresh registers nobody')),
  }
  const refreshToken = tokens.refreshToken ?? ''
  const fresh = await requestTokens(request, client, { grant_type: 'refresh_token', refresh_token: refreshToken })
  return { ...login, tokens: { refreshToken, ...fresh }, obtainedAtMs: Date.now() }
}
