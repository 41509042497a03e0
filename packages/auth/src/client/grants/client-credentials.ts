import type { Grant } from '../contract.ts'
import { type ClientIdentity, credentialsOf, registrationAt } from './client-identity.ts'
import { requestTokens } from './token-request.ts'

/**
 * Tokens for a program that acts for itself (RFC 6749 section 4.4; extension `oauth-client-credentials`). With a
 * private key it signs an assertion, with a secret it uses the method that the server offers, basic by preference.
 * @throws TypeError without a secret and a private key
 */
export function clientCredentials(identity: ClientIdentity): Grant {
  if (identity.clientSecret === undefined && identity.privateKey === undefined) {
    throw new TypeError('client credentials need a clientSecret or a privateKey')
  }
  return {
    name: 'client credentials',
    isInteractive: false,
    credentials: credentialsOf(identity),
    obtain: async request =>
      requestTokens(request, registrationAt(request.server, identity), {
        grant_type: 'client_credentials',
        ...(request.scope === undefined ? {} : { scope: request.scope }),
      }),
  }
}
