import { type CryptoKey, calculateJwkThumbprint, decodeProtectedHeader, EmbeddedJWK, jwtVerify } from 'jose'
import { isObject } from '../documents/json.ts'
import { asymmetric } from './jwt.ts'
import { nodeCrypto } from './platform-crypto.ts'

/** The key of proofs that were good once. */
export interface ProofKey {
  /** The first part of those proofs: algorithm and JWK as they were sent. */
  readonly header: string
  /** Of the JWK (RFC 7638). */
  readonly thumbprint: string
  /** Checks the signature of a further proof with that header, and reads what it says. Rejects a bad one. */
  read(proof: string): Claims | Promise<Claims>
}

export type Claims = Readonly<Record<string, unknown>>

/** What `header.payload.signature` begins with. */
export const headerOf = (proof: string): string => proof.slice(0, proof.indexOf('.'))

/** Rejects what is not a DPoP proof with a good signature by the key that it holds. */
export async function firstProof(
  proof: string,
  clockSkewSec: number,
): Promise<{ readonly claims: Claims; readonly key: ProofKey }> {
  const { crit, jwk, alg } = decodeProtectedHeader(proof)
  if (crit !== undefined || jwk === undefined || secretMembers.some(member => member in jwk)) {
    throw new TypeError('not the header of a DPoP proof')
  }
  const options = {
    typ: 'dpop+jwt',
    algorithms: [...asymmetric],
    // How old it may be is checked against its `iat` alone; an `exp` is respected.
    clockTolerance: clockSkewSec,
  }
  const { payload, key } = await jwtVerify(proof, EmbeddedJWK, options)
  return {
    claims: payload,
    key: {
      header: headerOf(proof),
      thumbprint: await calculateJwkThumbprint(jwk, 'sha256'),
      read: quickReader(alg, key, clockSkewSec) ?? (async again => (await jwtVerify(again, key, options)).payload),
    },
  }
}

/** Members of JWKs that their owner keeps (RFC 7518 section 6). */
const secretMembers: readonly string[] = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv']

/**
 * Reads proofs within the turn, by algorithms whose check takes a tenth of a millisecond whatever the key. Others hold up
 * nobody: with P-384 it is a whole one, and with RSA the sender chooses the size of its key, and with it the time.
 */
function quickReader(
  algorithm: string | undefined,
  key: CryptoKey,
  clockSkewSec: number,
): ((proof: string) => Claims) | undefined {
  if (nodeCrypto === undefined || algorithm === undefined || !Object.hasOwn(quickDigests, algorithm)) return undefined
  const { verify, KeyObject } = nodeCrypto
  const digest = quickDigests[algorithm]
  const by = { key: KeyObject.from(key), dsaEncoding: 'ieee-p1363' } as const
  return proof => {
    const end = proof.lastIndexOf('.')
    const signature = Buffer.from(proof.slice(end + 1), 'base64url')
    if (!isProof.test(proof) || !verify(digest, Buffer.from(proof.slice(0, end), 'latin1'), by, signature)) {
      throw new TypeError('not a proof with a good signature')
    }
    const claims: unknown = JSON.parse(Buffer.from(proof.slice(proof.indexOf('.') + 1, end), 'base64url').toString())
    return timely(claims, clockSkewSec)
  }
}

/** What is signed of an algorithm's text; undefined: all of it. */
const quickDigests: Readonly<Record<string, string | undefined>> = {
  ES256: 'sha256',
  EdDSA: undefined,
  Ed25519: undefined,
}

const isProof = /^[\w-]+\.[\w-]+\.[\w-]+$/

/** Claims between `nbf` and `exp`, as far as they have them (RFC 7519 section 4.1). */
function timely(claims: unknown, clockSkewSec: number): Claims {
  if (!isObject(claims)) throw new TypeError('the claims of a proof are an object')
  const { nbf, exp } = claims
  const now = Math.floor(Date.now() / 1000)
  const isEarly = nbf !== undefined && !(typeof nbf === 'number' && nbf <= now + clockSkewSec)
  const isLate = exp !== undefined && !(typeof exp === 'number' && exp > now - clockSkewSec)
  if (isEarly || isLate) throw new TypeError('a proof that is not good now')
  return claims
}
