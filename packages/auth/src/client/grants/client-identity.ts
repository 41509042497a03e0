import type { AuthorizationServer } from 'oauth4webapi'
import { AuthorizationError, type ClientRegistration, type GrantCredentials } from '../contract.ts'
import { shown } from './refusal.ts'

/** A client that somebody registered beforehand. With neither secret nor key it is a public one. */
export interface ClientIdentity {
  readonly clientId: string
  /**
   * The authorization server that knows it, the only one to see it. Without one: the first that it is used with for a
   * server, so that whoever the server names at first gets to see the secret.
   */
  readonly issuer?: string
  readonly clientSecret?: string
  /** A PKCS #8 PEM, for `private_key_jwt`. Preferred to the secret. */
  readonly privateKey?: NonNullable<ClientRegistration['privateKey']>
}

/** For a grant that brings its client along. */
export const credentialsOf = ({ clientId, issuer }: Partial<ClientIdentity>): GrantCredentials => ({
  ...(clientId !== undefined && { clientId }),
  ...(issuer !== undefined && { issuer }),
})

/**
 * The client as it authenticates at `server`, by what the server's metadata offers. Without metadata about it a secret
 * goes as Basic (RFC 8414 section 2).
 * @throws AuthorizationError when the server offers no method that the client has
 */
export function registrationAt(
  server: Pick<AuthorizationServer, 'issuer' | 'token_endpoint_auth_methods_supported'>,
  identity: ClientIdentity,
): ClientRegistration {
  const { clientId, clientSecret, privateKey } = identity
  const offered = server.token_endpoint_auth_methods_supported
  const possible: readonly ClientRegistration['authMethod'][] =
    privateKey !== undefined
      ? ['private_key_jwt']
      : clientSecret !== undefined
        ? ['client_secret_basic', 'client_secret_post']
        : ['none']
  // Servers seldom list "none", as it is no authentication.
  const authMethod = possible.find(method => method === 'none' || offered === undefined || offered.includes(method))
  if (authMethod === undefined) {
    const message = `authorization server ${server.issuer} offers no ${possible.join(' or ')} for client "${clientId}"; it offers ${shown((offered ?? []).join(', ')) ?? 'nothing'}`
    throw new AuthorizationError('token', message)
  }
  return {
    clientId,
    authMethod,
    ...(clientSecret === undefined || privateKey !== undefined ? {} : { clientSecret }),
    ...(privateKey === undefined ? {} : { privateKey }),
  }
}
