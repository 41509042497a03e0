import { decodeJwt, decodeProtectedHeader, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose'
import { Denied, invalidToken, Unavailable } from './denied.ts'

/** Algorithms by which somebody signs who has a key that nobody else has. Never `none`, never a shared secret. */
export const asymmetric: readonly string[] = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
]

export interface JwtChecks {
  readonly issuer: string
  /** Any of these stands in `aud`. */
  readonly audience: readonly string[]
  readonly tokenTypes: readonly string[]
  readonly algorithms: readonly string[]
  readonly clockSkewSec: number
  readonly find: JWTVerifyGetKey
}

/** Whether a token is a JWT by its looks; whether it is good is another question. */
export function isJwt(token: string): boolean {
  try {
    return token.split('.').length === 3 && typeof decodeProtectedHeader(token) === 'object'
  } catch {
    return false
  }
}

/** The issuer that a token names, unverified: good for choosing whose checks it goes through, and nothing else. */
export function namedIssuer(token: string): unknown {
  try {
    return decodeJwt(token).iss
  } catch {
    return undefined
  }
}

/**
 * Verifies a JWT access token (RFC 9068 section 4).
 * @throws Denied, Unavailable
 */
export async function verifyJwt(token: string, checks: JwtChecks): Promise<JWTPayload> {
  checkHeader(token, checks)
  try {
    const claims = await verifySigned(token, checks)
    checkClaims(claims, checks)
    return claims
  } catch (error) {
    if (error instanceof Denied || error instanceof Unavailable) throw error
    throw invalidToken(reasonOf(error))
  }
}

function checkHeader(token: string, { tokenTypes }: JwtChecks): void {
  const { typ, crit } = decodeProtectedHeader(token)
  if (crit !== undefined) throw invalidToken('the access token has critical extensions that are not known here')
  const text = typ === undefined ? '' : typ
  const type = typeof text === 'string' ? text.toLowerCase().replace(/^application\//, '') : undefined
  if (type === undefined || !tokenTypes.includes(type))
    throw invalidToken('this is not an access token: its type is another')
}

/** A token without a key id may be signed with any of the keys that fit. */
async function verifySigned(token: string, checks: JwtChecks): Promise<JWTPayload> {
  const options = {
    issuer: checks.issuer,
    audience: [...checks.audience],
    algorithms: [...checks.algorithms],
    clockTolerance: checks.clockSkewSec,
    requiredClaims: ['exp', 'sub'],
  }
  try {
    return (await jwtVerify(token, checks.find, options)).payload
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error
    for await (const key of error) {
      const verified = await jwtVerify(token, key, options).catch((again: unknown) => {
        if (again instanceof errors.JWSSignatureVerificationFailed) return undefined
        throw again
      })
      if (verified !== undefined) return verified.payload
    }
    throw new errors.JWSSignatureVerificationFailed()
  }
}

/** What the library leaves to its callers. */
function checkClaims(claims: JWTPayload, { clockSkewSec, tokenTypes }: JwtChecks): void {
  const { iat, sub } = claims
  if (typeof sub !== 'string' || sub === '') throw invalidToken('the access token names nobody')
  if (iat !== undefined && iat > Date.now() / 1000 + clockSkewSec) {
    throw invalidToken('the access token was issued in the future; check the clocks')
  }
  // Keycloak says here what kind of token it is, and gives all kinds the same `typ` in the header.
  const kind = tokenTypes.includes('jwt') || tokenTypes.includes('') ? claims['typ'] : undefined
  if (kind !== undefined && kind !== 'Bearer' && kind !== 'DPoP') {
    throw invalidToken('this is not an access token: its type is another')
  }
}

/** Sentences of our own: those of libraries may quote the token. */
function reasonOf(error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'the access token has expired'
  if (error instanceof errors.JWTClaimValidationFailed) {
    switch (error.claim) {
      case 'nbf':
        return 'the access token is not valid yet'
      case 'aud':
        return 'the access token is for another resource'
      case 'iss':
        return 'the access token is of another issuer'
    }
    return 'the access token lacks a claim that it needs, or has a wrong one'
  }
  if (error instanceof errors.JWKSNoMatchingKey)
    return 'the access token is signed with a key that its issuer does not publish'
  if (error instanceof errors.JOSEAlgNotAllowed)
    return 'the access token is signed with an algorithm that is not accepted'
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'the signature of the access token is wrong'
  return 'the access token is malformed'
}
