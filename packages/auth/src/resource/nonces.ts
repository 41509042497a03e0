import { base64url } from 'jose'

/** Nonces for DPoP: codes of the time by a secret, so that none has to be kept (RFC 9449 section 8). */
export class Nonces {
  readonly #key: ReturnType<typeof crypto.subtle.importKey>
  readonly #lifeMs: number

  /** @param lifeMs how long one is given out; it is accepted for as long again */
  constructor(secret: Uint8Array, lifeMs: number) {
    const bytes = new Uint8Array(secret)
    this.#key = crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
    this.#lifeMs = lifeMs
  }

  current(): Promise<string> {
    return this.#of(this.#period())
  }

  async accepts(nonce: unknown): Promise<boolean> {
    const period = this.#period()
    return nonce === (await this.#of(period)) || nonce === (await this.#of(period - 1))
  }

  #period(): number {
    return Math.floor(Date.now() / this.#lifeMs)
  }

  async #of(period: number): Promise<string> {
    const code = await crypto.subtle.sign('HMAC', await this.#key, new TextEncoder().encode(`dpop nonce ${period}`))
    return base64url.encode(new Uint8Array(code, 0, 18))
  }
}
