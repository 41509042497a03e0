import type { HttpRequest } from '@interlock/transport'
import { Denied, invalidProof } from './denied.ts'
import { digest } from './digest.ts'
import { asymmetric } from './jwt.ts'
import type { ResourceLimits } from './limits.ts'
import { Nonces } from './nonces.ts'
import type { DpopOptions } from './options.ts'
import { type ProvedKey, ProvedKeys } from './proved-keys.ts'
import { memoryReplays, type ReplayStore } from './replays.ts'
import { type Claims, firstProof, headerOf, type ProofKey } from './signed-proof.ts'

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
    const known = this.#keys.get(token, headerOf(proof), thumbprint)
    const { claims, key } = await this.#verify(proof, known)
    const { jti, htm, htu, ath, iat, nonce } = claims
    if (htm !== request.method) throw invalidProof('the proof is for another method')
    if (!isSameUrl(htu, this.#urlOf(request))) throw invalidProof('the proof is for another URL')
    const madeSec = this.#timeOf(iat)
    const expected = known?.ath ?? (await digest(token))
    if (ath !== expected) throw invalidProof('the proof is for another access token')
    if (key.thumbprint !== thumbprint) {
      throw new Denied('invalid_token', 'the access token is bound to another key than that of the proof')
    }
    if (known === undefined) this.#keys.keep(token, { ...key, ath: expected })
    if (this.#nonces !== undefined && !(await this.#nonces.accepts(nonce))) {
      throw new Denied('use_dpop_nonce', 'the proof needs the nonce of this answer')
    }
    if (typeof jti !== 'string' || jti === '') throw invalidProof('the proof has no jti')
    // Of this key: another client may have made the same one.
    const untilMs = (madeSec + this.#limits.proofAgeSec + this.#clockSkewSec) * 1000
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

  async #verify(proof: string, known: ProvedKey | undefined): Promise<Signed> {
    try {
      return known === undefined
        ? await firstProof(proof, this.#clockSkewSec)
        : { claims: await known.read(proof), key: known }
    } catch {
      // The library's message may quote it.
      throw invalidProof('the proof is not a DPoP proof with a good signature')
    }
  }

  /** When a proof was made, in seconds of Unix time. */
  #timeOf(iat: unknown): number {
    const now = Date.now() / 1000
    const skew = this.#clockSkewSec
    if (typeof iat !== 'number') throw invalidProof('the proof has no iat')
    if (iat > now + skew || iat < now - skew - this.#limits.proofAgeSec) {
      throw invalidProof('the proof was not made just now; check the clocks')
    }
    return iat
  }
}

/** What a proof says whose signature is good, and the key that made it. */
interface Signed {
  readonly claims: Claims
  readonly key: ProofKey
}

/** Compares after normalising, without query and fragment (RFC 9449 section 4.3, number 9). */
function isSameUrl(htu: unknown, expected: string): boolean {
  if (htu === expected) return true
  if (typeof htu !== 'string' || !URL.canParse(htu)) return false
  const [one, other] = [new URL(htu), new URL(expected)]
  return one.origin === other.origin && one.pathname === other.pathname
}
