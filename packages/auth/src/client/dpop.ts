import {
  base64url,
  type CryptoKey,
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JWK,
  SignJWT,
} from 'jose'
import { AuthorizationError, type Prover } from './contract.ts'

/** Algorithms that a proof may be signed with, the preferred ones first: small keys and proofs before large ones. */
export const dpopAlgorithms = ['ES256', 'EdDSA', 'Ed25519', 'ES384', 'ES512', 'PS256', 'RS256'] as const

export type DpopAlgorithm = (typeof dpopAlgorithms)[number]

const limits = {
  /** Origins whose nonce is remembered: one login knows two, a gateway's prover at most a few. */
  nonces: 100,
  /** Longest nonce taken over. It is sent in every proof, in a header. */
  nonceCharacters: 1024,
}

/**
 * The algorithm to use with a server that lists `dpop_signing_alg_values_supported`; `undefined`: it takes none of ours.
 * A server without the list gets ES256.
 */
export function dpopAlgorithm(supported: readonly string[] | undefined): DpopAlgorithm | undefined {
  return supported === undefined ? 'ES256' : dpopAlgorithms.find(algorithm => supported.includes(algorithm))
}

/**
 * Makes DPoP proofs (RFC 9449) with a new key, or with the one that a stored token is bound to. A key that names its
 * algorithm (`alg`), as `Prover.key` does, is used with that one.
 * @throws AuthorizationError when the key is not a private key of the algorithm
 */
export async function prover(algorithm: DpopAlgorithm = 'ES256', key?: JWK): Promise<Prover> {
  const privateKey = key === undefined ? await newKey(algorithm) : { ...key, alg: key.alg ?? algorithm }
  const { alg } = privateKey
  const signing = await importPrivate(privateKey)
  const jwk = publicPart(privateKey)
  const nonces = rememberedNonces()
  return {
    thumbprint: await calculateJwkThumbprint(jwk),
    key: privateKey,
    async proof(method, url, accessToken) {
      const { origin, pathname } = new URL(url)
      const nonce = nonces.at(origin)
      const claims = {
        jti: crypto.randomUUID(),
        htm: method,
        htu: `${origin}${pathname}`,
        ...(accessToken === undefined ? {} : { ath: await digest(accessToken) }),
        ...(nonce === undefined ? {} : { nonce }),
      }
      return new SignJWT(claims).setProtectedHeader({ alg, typ: 'dpop+jwt', jwk }).setIssuedAt().sign(signing)
    },
    learn(url, status, header) {
      const nonce = header('dpop-nonce')
      if (nonce === undefined || !isNonce(nonce)) return false
      nonces.remember(new URL(url).origin, nonce)
      return status === 401 && /\berror\s*=\s*"?use_dpop_nonce\b/i.test(header('www-authenticate') ?? '')
    },
  }
}

/** Section 8.1: visible ASCII without quotation mark and backslash. */
const isNonce = (value: string): boolean =>
  value.length <= limits.nonceCharacters && /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(value)

function rememberedNonces(): { at(origin: string): string | undefined; remember(origin: string, nonce: string): void } {
  const byOrigin = new Map<string, string>()
  return {
    at: origin => byOrigin.get(origin),
    remember(origin, nonce) {
      byOrigin.delete(origin)
      const [oldest] = byOrigin.keys()
      if (byOrigin.size >= limits.nonces && oldest !== undefined) byOrigin.delete(oldest)
      byOrigin.set(origin, nonce)
    },
  }
}

async function newKey(alg: DpopAlgorithm): Promise<JWK & { readonly alg: string }> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true })
  return { ...(await exportJWK(privateKey)), alg }
}

async function importPrivate(key: JWK & { readonly alg: string }): Promise<CryptoKey> {
  const isKnown = dpopAlgorithms.some(algorithm => algorithm === key.alg)
  // The library's reason is not kept: it may quote the key.
  const imported = isKnown && key.d !== undefined ? await importJWK(key, key.alg).catch(() => undefined) : undefined
  if (imported instanceof Uint8Array || imported === undefined) {
    throw new AuthorizationError('token', "the key that the token is bound to can't be used to sign; log in again")
  }
  return imported
}

/** What of a key is public, whatever its type; `kty` decides which of the members are there. */
function publicPart({ kty, crv, x, y, n, e }: JWK): JWK {
  return Object.fromEntries(Object.entries({ kty, crv, x, y, n, e }).filter(([, value]) => value !== undefined))
}

async function digest(accessToken: string): Promise<string> {
  return base64url.encode(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(accessToken))))
}
