import type { KeyRingEntry } from './key-source.ts'
import { StoreError } from './store-error.ts'

/** The part of `@napi-rs/keyring` that is used. */
export interface KeyRingModule {
  readonly AsyncEntry: new (
    service: string,
    username: string,
    options?: { linux?: { store?: 'secret-service' } },
  ) => {
    getSecret(): Promise<ArrayLike<number> | null | undefined>
    setSecret(secret: Uint8Array): Promise<void>
  }
}

/** Longest wait for the key ring: a person may have to unlock it in a window. A service has nobody who would. */
const unlockMs = 60_000

/**
 * One entry of the system's key ring: Keychain, Credential Manager, or the Secret Service (GNOME Keyring, KWallet). The
 * kernel's key ring on Linux is not used, since it forgets at the next start.
 * @throws StoreError when there is no key ring here, saying why
 */
export async function systemKeyRing(
  load: () => Promise<KeyRingModule> = () => import('@napi-rs/keyring'),
): Promise<KeyRingEntry> {
  const { AsyncEntry } = await load().catch((error: unknown) => {
    throw unusable('its module is not installed for this system (@napi-rs/keyring)', error)
  })
  const entry = await asked(
    async () => new AsyncEntry('interlock', 'credentials', { linux: { store: 'secret-service' } }),
  )
  const get = async () => {
    const secret = await asked(() => entry.getSecret())
    return secret === null || secret === undefined ? undefined : Uint8Array.from(secret)
  }
  await get()
  return { get, set: key => asked(() => entry.setSecret(key)) }
}

async function asked<T>(question: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it did not answer within ${unlockMs / 1000} s`)), unlockMs)
  })
  try {
    return await Promise.race([question(), late])
  } catch (error) {
    throw unusable(error instanceof Error ? error.message : String(error), error)
  } finally {
    clearTimeout(timer)
  }
}

const unusable = (reason: string, cause: unknown): StoreError =>
  new StoreError(`the key ring of the system can't be used: ${reason}`, { cause })
