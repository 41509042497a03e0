import type { Principal } from '@interlock/protocol'
import { clientIdIn } from '../claims.ts'
import { invalidToken } from './denied.ts'
import type { StaticKey } from './options.ts'
import type { Scopes } from './scopes.ts'

type Claims = Readonly<Record<string, unknown>>

/**
 * Who a token speaks for. The subject is `<iss> <sub>`: issuers hold no spaces, so no two pairs give the same one. A
 * client without a user is `client <iss> <client_id>`, whether its token repeats the id as `sub` (RFC 9068) or has none: so
 * a client whose id is somebody's `sub` is not taken for them (RFC 9700 section 4.15). An introspection may name a user without a
 * `sub` (RFC 7662 section 2.2): they are `username <iss> <username>`, and not the client that all users share.
 * @throws Denied
 */
export function principalOf(
  issuer: string,
  claims: Claims,
  granted: readonly string[],
  scopes: Scopes,
  clockSkewSec: number,
): Principal {
  const { sub, username, exp } = claims
  const clientId = clientIdIn(claims)
  const hasSubject = typeof sub === 'string' && sub !== ''
  const hasName = !hasSubject && typeof username === 'string' && username !== ''
  if (!hasSubject && !hasName && clientId === undefined) throw invalidToken('the access token names nobody')
  const isUser = hasSubject && sub !== clientId
  return {
    subject: isUser ? `${issuer} ${sub}` : hasName ? `username ${issuer} ${username}` : `client ${issuer} ${clientId}`,
    scopes: scopes.expand(granted),
    issuer,
    ...(clientId === undefined ? {} : { clientId }),
    ...(typeof exp === 'number' && { expiresAtMs: (exp + clockSkewSec) * 1000 }),
    claims,
  }
}

/** Whose static token it was. No issuer is called "key", so nobody else has such a subject. */
export const keyPrincipal = ({ name, scopes: granted = [], expiresAtMs }: StaticKey, scopes: Scopes): Principal => ({
  subject: `key ${name}`,
  scopes: scopes.expand(granted),
  ...(expiresAtMs !== undefined && { expiresAtMs }),
})
