import type { HttpRequest } from '@interlock/transport'
import {
  type CryptoKey,
  calculateJwkThumbprint,
  decodeProtectedHeader,
  EmbeddedJWK,
  type JWTPayload,
  jwtVerify,
} from 'jose'
import { Denied, invalidProof } from './denied.ts'
import { digest } from './digest.ts'
import { asymmetric } from './jwt.ts'
import type { ResourceLimits } from './limits.ts'
import { Nonces } from './nonces.ts'
import type { DpopOptions } from './options.ts'
import { type ProvedKey, ProvedKeys } from './proved-keys.ts'
import { memoryReplays, type ReplayStore } from './replays.ts'

/** Checks proofs of possession (RFC 9449 section 4.3). */
export class ProofChecker {
  readonly algorithms: readonly string[] = asymmetric
  readonly #nonces: Nonces | undefined
  readonly #replays: ReplayStore
  readonly #keys: ProvedKeys
  readonly #urlOf: (request: HttpRequest) => string
  readonly #limits: ResourceLimits
  readonly #clockSkewSec: number

  /** @throws TypeError for a secret that is too short */
  constructor(options: DpopOptions, resource: URL, limits: ResourceLimits, clockSkewSec: number) {
    const { nonce = false, replays = memoryReplays(limits.proofs, limits.proofsPerSubject), urlOf } = options
    if (nonce instanceof Uint8Array && nonce.length < 32)
      throw new TypeError('dpop.nonce needs a secret of 32 bytes or more')
    const secret = nonce === true ? crypto.getRandomValues(new Uint8Array(32)) : nonce
    this.#nonces = secret === false ? undefined : new Nonces(secret, limits.nonceMs)
    this.#replays = replays
    this.#keys = new ProvedKeys(limits)
    this.#urlOf = urlOf ?? (request => resource.origin + request.url.replace(/\?.*$/s, ''))
    this.#limits = limits
    this.#clockSkewSec = clockSkewSec
  }

  /** The nonce to send with a refusal, where nonces are used. */
  async nonce(): Promise<string | undefined> {
    return this.#nonces?.current()
  }

  /**
   * @param thumbprint of the key that the token is bound to
   * @param subject whose token it is
   * @throws Denied
   */
  async check(request: HttpRequest, token: string, thumbprint: string, subject: string): Promise<void> {
    const proof = this.#read(request)
    const { payload, jwk, sent, key, known } = await this.#verify(proof, token, thumbprint)
    const { jti, htm, htu, ath, iat, nonce } = payload
    if (htm !== request.method) throw invalidProof('the proof is for another method')
    if (!isSameUrl(htu, this.#urlOf(request))) throw invalidProof('the proof is for another URL')
    this.#checkAge(iat)
    const expected = known?.ath ?? (await digest(token))
    if (ath !== expected) throw invalidProof('the proof is for another access token')
    if (known === undefined && (await calculateJwkThumbprint(jwk, 'sha256')) !== thumbprint) {
      throw new Denied('invalid_token', 'the access token is bound to another key than that of the proof')
    }
    if (known === undefined) this.#keys.keep(token, { sent, thumbprint, key, ath: expected })
    if (this.#nonces !== undefined && !(await this.#nonces.accepts(nonce))) {
      throw new Denied('use_dpop_nonce', 'the proof needs the nonce of this answer')
    }
    if (typeof jti !== 'string' || jti === '') throw invalidProof('the proof has no jti')
    // Of this key: another client may have made the same one.
    const untilMs = ((iat ?? 0) + this.#limits.proofAgeSec + this.#clockSkewSec) * 1000
    const isNew = await this.#replays.take(await digest(`${thumbprint} ${jti}`), untilMs, subject)
    if (!isNew) throw invalidProof('the proof was used before, or too many are sent')
  }

  #read(request: HttpRequest): string {
    const proof = request.header('dpop')
    if (proof === undefined)
      throw invalidProof('the access token is bound to a key: it needs a proof in the DPoP header')
    if (request.headerCount('dpop') !== 1) throw invalidProof('the DPoP header was sent more than once')
    if (proof.length > this.#limits.proofChars) throw invalidProof('the proof is too long')
    return proof
  }

  async #verify(proof: string, token: string, thumbprint: string): Promise<SignedProof> {
    try {
      const { crit, jwk, alg } = decodeProtectedHeader(proof)
      if (crit !== undefined || jwk === undefined || secretMembers.some(member => member in jwk)) throw malformed()
      const options = {
        typ: 'dpop+jwt',
        algorithms: [...this.algorithms],
        // How old it may be is checked against its `iat` alone; an `exp` is respected.
        clockTolerance: this.#clockSkewSec,
      }
      const sent = JSON.stringify([alg, jwk])
      const known = this.#keys.get(token, sent, thumbprint)
      if (known !== undefined) {
        const { payload } = await jwtVerify(proof, known.key, options)
        return { payload, jwk, sent, key: known.key, known }
      }
      const { payload, key } = await jwtVerify(proof, EmbeddedJWK, options)
      return { payload, jwk, sent, key, known }
    } catch {
      throw malformed() // the library's message may quote it
    }
  }

  #checkAge(iat: number | undefined): void {
    const now = Date.now() / 1000
    const skew = this.#clockSkewSec
    if (typeof iat !== 'number') throw invalidProof('the proof has no iat')
    if (iat > now + skew || iat < now - skew - this.#limits.proofAgeSec) {
      throw invalidProof('the proof was not made just now; check the clocks')
    }
  }
}

/** A proof whose signature is good. */
interface SignedProof {
  readonly payload: JWTPayload
  readonly jwk: Jwk
  /** Algorithm and JWK as they were sent. */
  readonly sent: string
  readonly key: CryptoKey
  /** What was found out about the key before, with this token. */
  readonly known: ProvedKey | undefined
}

type Jwk = NonNullable<ReturnType<typeof decodeProtectedHeader>['jwk']>

/** Members of JWKs that their owner keeps (RFC 7518 section 6). */
const secretMembers: readonly string[] = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv']

const malformed = (): Denied => invalidProof('the proof is not a DPoP proof with a good signature')

/** Compares after normalising, without query and fragment (RFC 9449 section 4.3, number 9). */
function isSameUrl(htu: unknown, expected: string): boolean {
  if (typeof htu !== 'string' || !URL.canParse(htu)) return false
  if (htu === expected) return true
  const [one, other] = [new URL(htu), new URL(expected)]
  return one.origin === other.origin && one.pathname === other.pathname
}
