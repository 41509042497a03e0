import { createPrivateKey, type KeyObject } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import {
  AuthorizationError,
  type ClientIdentity,
  type CredentialStore,
  clientCredentials,
  type Fetch,
  type Grant,
  jwtBearer,
  type OAuthOptions,
  type Program,
  programOf,
} from '@interlock/auth'
import { guardedFetch } from '@interlock/auth/node'
import type { AuthSettings } from '@interlock/gateway'
import { isLoopbackHost } from '@interlock/transport'

export const defaultAccount = 'default'

export const accountOf = (auth: AuthSettings): string => auth.account ?? defaultAccount

/** Whether a login is a person's, and not the gateway's own. */
export const isPersonal = ({ grant }: AuthSettings): boolean => grant !== 'client_credentials' && grant !== 'jwt_bearer'

/**
 * What a configuration says of a login, for `oauth` and `login`. Files are read now.
 * @throws AuthorizationError for a file that cannot be used
 */
export async function oauthOptions(
  server: URL,
  auth: AuthSettings,
  store: CredentialStore,
): Promise<OAuthOptions & { readonly store: CredentialStore }> {
  const { clientId, clientMetadataUrl, scopes } = auth
  const identity = clientId === undefined ? undefined : await identityOf(clientId, auth)
  const grant = grantOf(auth, identity)
  return {
    store,
    account: accountOf(auth),
    fetch: fetchFor(server, auth),
    ...(scopes !== undefined && scopes.length > 0 && { scope: scopes.join(' ') }),
    ...(clientMetadataUrl !== undefined && { clientMetadataUrl }),
    ...(grant !== undefined && { grant }),
    ...(identity !== undefined && {
      clients: [{ ...identity, authMethod: methodOf(identity) }],
    }),
  }
}

/**
 * Who the gateway itself is at a server; undefined where a person logs in.
 * @throws AuthorizationError for a file that cannot be used
 */
export const programIn = async (
  server: URL,
  auth: AuthSettings,
  store: CredentialStore,
): Promise<Program | undefined> =>
  isPersonal(auth) ? undefined : programOf((await oauthOptions(server, auth, store)).grant)

/** Fetches what a server names. The hosts that the configuration itself names may be on a private network. */
export function fetchFor(server: URL, { issuer }: AuthSettings): Fetch {
  const named = issuer !== undefined && URL.canParse(issuer) ? [new URL(issuer).hostname] : []
  return guardedFetch({
    allowLoopback: isLoopbackHost(server.hostname),
    allowPrivate: [server.hostname, ...named],
  })
}

const methodOf = ({ privateKey, clientSecret }: ClientIdentity): 'private_key_jwt' | 'client_secret_basic' | 'none' =>
  privateKey !== undefined ? 'private_key_jwt' : clientSecret !== undefined ? 'client_secret_basic' : 'none'

/** @returns undefined for grants in which a person takes part */
function grantOf(
  { grant, assertionFile, issuer }: AuthSettings,
  identity: ClientIdentity | undefined,
): Grant | undefined {
  if (grant === 'client_credentials') return clientCredentials(identity ?? { clientId: '' })
  if (grant !== 'jwt_bearer' || assertionFile === undefined) return undefined
  // The platform replaces the file before the token in it ends, so it is read each time.
  const at = issuer === undefined ? {} : { issuer }
  return jwtBearer({
    ...at,
    ...identity,
    source: assertionFile,
    assertion: () => readText(assertionFile, 'the token of the platform'),
  })
}

async function identityOf(clientId: string, auth: AuthSettings): Promise<ClientIdentity> {
  const { clientSecret, privateKeyFile, issuer } = auth
  return {
    clientId,
    ...(issuer !== undefined && { issuer }),
    ...(clientSecret !== undefined && { clientSecret }),
    ...(privateKeyFile !== undefined && { privateKey: await readKey(privateKeyFile) }),
  }
}

async function readKey(path: string): Promise<NonNullable<ClientIdentity['privateKey']>> {
  const text = await readText(path, 'the private key')
  const key = parsed(text)
  const algorithm = key && algorithmOf(key)
  if (key !== undefined && algorithm !== undefined) {
    return { pem: key.export({ type: 'pkcs8', format: 'pem' }).toString(), algorithm }
  }
  const message = `${path} is no private key that can sign here; a key of RSA, P-256, P-384, P-521 or Ed25519 in PEM, without a passphrase, is expected`
  throw new AuthorizationError('registration', message)
}

function parsed(text: string): KeyObject | undefined {
  try {
    return createPrivateKey(text)
  } catch {
    return undefined // whatever is wrong with it, nothing of it is repeated
  }
}

const curves: Readonly<Record<string, string>> = { prime256v1: 'ES256', secp384r1: 'ES384', secp521r1: 'ES512' }

function algorithmOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): string | undefined {
  switch (asymmetricKeyType) {
    case 'rsa':
      return 'RS256'
    case 'ec':
      return curves[asymmetricKeyDetails?.namedCurve ?? '']
    case 'ed25519':
      return 'EdDSA'
    default:
      return undefined
  }
}

async function readText(path: string, what: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown failure'
    throw new AuthorizationError('registration', `${what} cannot be read from ${path} (${code}); check the path`)
  }
}
