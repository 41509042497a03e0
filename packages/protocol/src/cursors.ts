type Key = Awaited<ReturnType<typeof crypto.subtle.importKey>>

type Secrets = readonly Uint8Array[] | (() => readonly Uint8Array[])

/** Bytes of a cursor: as many as cannot be guessed. */
const cursorBytes = 16

/**
 * Names the pages of lists (specification: Pagination). A cursor is an authentication code of its place (whose list, which
 * one, which page) and of the principal that it is for, so that none can be made up, or taken from another list or by another
 * principal; and processes with the same keys give out and accept the same ones.
 */
export class Cursors {
  readonly #owner: string
  readonly #secrets: () => readonly Uint8Array[]
  #ring: Promise<readonly Key[]> | undefined

  /**
   * @param owner whose lists they are; others may have the same keys
   * @param secrets the first makes cursors, those of all are accepted; a function is asked when the first is
   *   made. Default: one that nobody else has.
   */
  constructor(owner: string, secrets: Secrets = () => [crypto.getRandomValues(new Uint8Array(32))]) {
    this.#owner = owner
    this.#secrets = typeof secrets === 'function' ? secrets : () => secrets
  }

  /**
   * The cursors of one page, by secret.
   * @param subject the principal; absent: whoever did not log in
   */
  async of(list: string, page: number, subject?: string): Promise<readonly string[]> {
    this.#ring ??= Promise.all(this.#secrets().map(derived))
    const parts = [this.#owner, list, page, ...(subject === undefined ? [] : [subject])]
    const place = new TextEncoder().encode(JSON.stringify(parts))
    const codes = (await this.#ring).map(key => crypto.subtle.sign('HMAC', key, place))
    return (await Promise.all(codes)).map(code => text(new Uint8Array(code, 0, cursorBytes)))
  }
}

/** A key for this alone: the secret may seal other things. */
async function derived(secret: Uint8Array): Promise<Key> {
  const from = await crypto.subtle.importKey('raw', new Uint8Array(secret), 'HKDF', false, ['deriveKey'])
  const way = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: new TextEncoder().encode('cursors') }
  return crypto.subtle.deriveKey(way, from, { name: 'HMAC', hash: 'SHA-256', length: 256 }, false, ['sign'])
}

const text = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
