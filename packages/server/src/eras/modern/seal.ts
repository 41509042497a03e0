import { invalidParams } from '@interlock/protocol'
import { ownKeys } from '../../workers/membership.ts'

type Key = Awaited<ReturnType<typeof crypto.subtle.importKey>>

/** Bytes of an AES-GCM nonce. */
const nonceBytes = 12
/** Longest token opened; what we seal is far shorter. */
const tokenLength = 128 * 1024

/**
 * Seals what a client must bring back, so that it can neither read nor change it: AES-256-GCM under a key ring. The
 * first key seals, every key opens, so that keys can be changed while clients hold tokens.
 */
export class Seal {
  readonly #raw: () => readonly Uint8Array[]
  #ring: Promise<readonly Key[]> | undefined

  /** @param keys 32 bytes each. Default: one made now, which no other process has but those that serve together. */
  constructor(keys?: readonly Uint8Array[]) {
    if (keys?.length === 0 || keys?.some(key => key.length !== 32)) {
      throw new TypeError('seal needs at least one key, and every key must be 32 bytes')
    }
    this.#raw = keys === undefined ? ownKeys() : () => keys
  }

  async seal(value: unknown): Promise<string> {
    const [key] = await this.#keys()
    if (key === undefined) throw new TypeError('no key to seal with')
    const nonce = crypto.getRandomValues(new Uint8Array(nonceBytes))
    const plain = new TextEncoder().encode(JSON.stringify(value))
    const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv: nonce }, key, plain)
    return encode(new Uint8Array([...nonce, ...new Uint8Array(sealed)]))
  }

  /** @throws ProtocolError −32602, always the same, for a token that was not sealed here. */
  async open(token: string): Promise<unknown> {
    const bytes = token.length > tokenLength ? undefined : decode(token)
    if (bytes !== undefined && bytes.length > nonceBytes) {
      for (const key of await this.#keys()) {
        const plain = await crypto.subtle
          .decrypt({ name: 'AES-GCM', iv: bytes.subarray(0, nonceBytes) }, key, bytes.subarray(nonceBytes))
          .catch(() => undefined)
        if (plain !== undefined) return JSON.parse(new TextDecoder().decode(plain))
      }
    }
    throw invalidState()
  }

  #keys(): Promise<readonly Key[]> {
    this.#ring ??= Promise.all(
      this.#raw().map(raw =>
        crypto.subtle.importKey('raw', new Uint8Array(raw), 'AES-GCM', false, ['encrypt', 'decrypt']),
      ),
    )
    return this.#ring
  }
}

/** One sentence for every reason, so that nothing can be learnt from it. */
export const invalidState = (): Error => invalidParams('Invalid or expired requestState: call again without it')

function encode(bytes: Uint8Array): string {
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/** The bytes of a token as `encode` writes it: other spellings of the same bytes are refused. */
function decode(token: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^[\w-]+$/.test(token)) return undefined
  try {
    const binary = atob(token.replaceAll('-', '+').replaceAll('_', '/'))
    const bytes = Uint8Array.from(binary, character => character.charCodeAt(0))
    return encode(bytes) === token ? bytes : undefined
  } catch {
    return undefined
  }
}
