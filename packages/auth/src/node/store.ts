import { homedir } from 'node:os'
import { dirname, join, relative, resolve } from 'node:path'
import type { CredentialStore } from '../client/contract.ts'
import { fileStore } from './file-store.ts'
import { systemKeyRing } from './key-ring.ts'
import { environmentKey, fileKey, type KeyRingEntry, type KeySource, keyRingKey, keyVariable } from './key-source.ts'
import type { LockLimits } from './lock.ts'
import { privateDirectory } from './private-file.ts'
import { StoreError } from './store-error.ts'

export interface StoreOptions {
  /** Folder of the encrypted files. Default: `interlock/credentials` in the folder for state of the system. */
  readonly directory?: string
  /** File of the key where there is no key ring. Default: `interlock/credentials.key` in the folder for configuration. */
  readonly keyFile?: string
  /** Insists on one source of the key. Default: INTERLOCK_KEY where it is set, else the key ring, else the key file. */
  readonly keyIn?: KeySource['id']
  readonly lock?: Partial<LockLimits>
  readonly environment?: Readonly<Record<string, string | undefined>>
  /** Opens the system's key ring, or rejects saying why there is none. */
  readonly keyRing?: () => Promise<KeyRingEntry>
}

/**
 * Opens the store of this person's credentials: encrypted files, whose key is in the system's key ring where that works.
 * The description says where they are and, when the key ring is not used, why.
 * @throws StoreError when the source of the key that was insisted on can't be used
 */
export async function openStore(options: StoreOptions = {}): Promise<CredentialStore> {
  const environment = options.environment ?? process.env
  const directory = options.directory ?? storeDirectory(environment)
  const { source, reason } = await chosen(options, environment, directory)
  const store = fileStore({ directory, key: source, ...(options.lock && { lock: options.lock }) })
  return reason === undefined ? store : { ...store, description: `${store.description} (${reason})` }
}

/** The default folder of the encrypted files. Where there is none, nobody has logged in yet. */
export const storeDirectory = (environment: Readonly<Record<string, string | undefined>> = process.env): string =>
  join(stateFolder(environment), 'interlock', 'credentials')

interface Choice {
  readonly source: KeySource
  /** Why no better one was taken. */
  readonly reason?: string
}

async function chosen(
  options: StoreOptions,
  environment: Readonly<Record<string, string | undefined>>,
  directory: string,
): Promise<Choice> {
  const { keyIn, keyRing = systemKeyRing } = options
  const value = environment[keyVariable]
  if (keyIn === 'environment' || (keyIn === undefined && value !== undefined && value !== '')) {
    const source = environmentKey(value ?? '')
    await source.key()
    return { source }
  }
  const keyFile = resolve(options.keyFile ?? join(configurationFolder(environment), 'interlock', 'credentials.key'))
  const inFile = apart(keyFile, resolve(directory))
  if (keyIn === 'key-file') return { source: inFile }
  try {
    const entry = await keyRing()
    await privateDirectory(directory)
    return { source: keyRingKey(entry, join(directory, 'key-ring.lock')) }
  } catch (error) {
    if (keyIn === 'key-ring' || !(error instanceof StoreError)) throw error
    return { source: inFile, reason: error.message }
  }
}

/** @throws StoreError when who copies the files would copy the key with them */
function apart(keyFile: string, directory: string): KeySource {
  const isInside = !/^\.\.([/\\]|$)/.test(relative(directory, keyFile))
  if (!isInside && dirname(keyFile) !== dirname(directory)) return fileKey(keyFile)
  throw new StoreError(`the key file ${keyFile} lies beside what it encrypts, ${directory}; name one in another folder`)
}

const stateFolder = (environment: Readonly<Record<string, string | undefined>>): string =>
  process.platform === 'win32'
    ? environment['LOCALAPPDATA'] || join(homedir(), 'AppData', 'Local')
    : environment['XDG_STATE_HOME'] || join(homedir(), '.local', 'state')

const configurationFolder = (environment: Readonly<Record<string, string | undefined>>): string =>
  process.platform === 'win32'
    ? environment['APPDATA'] || join(homedir(), 'AppData', 'Roaming')
    : environment['XDG_CONFIG_HOME'] || join(homedir(), '.config')
