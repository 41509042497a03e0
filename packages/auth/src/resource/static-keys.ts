import { base64url } from 'jose'
import { isSame, sha256 } from './digest.ts'
import type { StaticKey } from './options.ts'

/** Characters that a token has at least: 128 bits in base64url are 22, and other alphabets are poorer. */
const minimumChars = 32

const prefix = 'sha256.'

/**
 * A token that cannot be guessed (256 bits), to be shown once to whoever gets it.
 * @param name stands in front, so that secret scanners and people know it: `acme_…`
 */
export function createToken(name = 'mcp'): string {
  return `${name}_${base64url.encode(crypto.getRandomValues(new Uint8Array(32)))}`
}

/**
 * What to keep of a token. A plain SHA-256 is right here, unlike for passwords: a token of 128 random bits or more cannot
 * be found by trying, so a slow hash would protect nothing and let every request cost the server that time.
 * @throws TypeError for a token that is too short to be one
 */
export async function hashToken(token: string): Promise<string> {
  if (token.length < minimumChars) {
    throw new TypeError(`a token needs at least ${minimumChars} random characters; createToken() makes one`)
  }
  return prefix + base64url.encode(await sha256(token))
}

/** The static tokens of a server. */
export class StaticKeys {
  readonly #keys: readonly { readonly key: StaticKey; readonly hash: Uint8Array }[]

  /** @throws TypeError for a hash that `hashToken` has not made, and for two keys of one name */
  constructor(keys: readonly StaticKey[]) {
    this.#keys = keys.map(key => ({ key, hash: readHash(key) }))
    if (new Set(keys.map(({ name }) => name)).size < keys.length) throw new TypeError('two keys have the same name')
  }

  /** Looks at all of them whichever it is, so that time tells nothing. */
  async find(token: string): Promise<StaticKey | undefined> {
    if (this.#keys.length === 0) return undefined
    const hash = await sha256(token)
    let found: StaticKey | undefined
    for (const known of this.#keys) if (isSame(known.hash, hash)) found = known.key
    return found !== undefined && (found.expiresAtMs ?? Number.POSITIVE_INFINITY) <= Date.now() ? undefined : found
  }
}

function readHash({ name, hash }: StaticKey): Uint8Array {
  const bytes = hash.startsWith(prefix) ? base64url.decode(hash.slice(prefix.length)) : undefined
  if (bytes?.length !== 32) throw new TypeError(`the key "${name}" needs a hash made by hashToken()`)
  return bytes
}
