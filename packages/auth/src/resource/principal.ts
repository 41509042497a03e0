import type { Principal } from '@interlock/protocol'
import { invalidToken } from './denied.ts'
import type { StaticKey } from './options.ts'
import type { Scopes } from './scopes.ts'

type Claims = Readonly<Record<string, unknown>>

/**
 * Who a token speaks for. The subject is `<iss> <sub>`: issuers hold no spaces, so no two pairs give the same one. A
 * client without a user is `client <iss> <client_id>` where the token has no `sub`.
 * @throws Denied
 */
export function principalOf(issuer: string, claims: Claims, granted: readonly string[], scopes: Scopes): Principal {
  const { sub } = claims
  // Entra and Okta have names of their own for it.
  const clientId = ['client_id', 'azp', 'appid', 'cid']
    .map(name => claims[name])
    .find(value => typeof value === 'string')
  const hasSubject = typeof sub === 'string' && sub !== ''
  if (!hasSubject && clientId === undefined) throw invalidToken('the access token names nobody')
  return {
    subject: hasSubject ? `${issuer} ${sub}` : `client ${issuer} ${clientId}`,
    scopes: scopes.expand(granted),
    issuer,
    ...(clientId === undefined ? {} : { clientId }),
    claims,
  }
}

/** Whose static token it was. No issuer is called "key", so nobody else has such a subject. */
export const keyPrincipal = ({ name, scopes: granted = [] }: StaticKey, scopes: Scopes): Principal => ({
  subject: `key ${name}`,
  scopes: scopes.expand(granted),
})
