import { existsSync } from 'node:fs'
import type { CredentialStore } from '@interlock/auth'
import { openStore, storeDirectory } from '@interlock/auth/node'
import type { Io } from './io.ts'

/**
 * The logins of the person who runs the command. The store is opened when something is kept in it, or was: where nobody
 * has logged in yet, no key is made and no key ring asks for anything.
 */
export function credentials({ env }: Io): CredentialStore {
  let opened: Promise<CredentialStore> | undefined
  let description = 'the credential store'
  const store = (): Promise<CredentialStore> => {
    opened ??= openStore({ environment: env }).then(
      made => {
        description = made.description
        return made
      },
      (error: unknown) => {
        opened = undefined
        throw error
      },
    )
    return opened
  }
  const isEmpty = (): boolean => opened === undefined && !existsSync(storeDirectory(env))
  return {
    get description() {
      return description
    },
    read: async key => (isEmpty() ? undefined : (await store()).read(key)),
    keys: async () => (isEmpty() ? [] : (await store()).keys()),
    write: async (key, value) => (await store()).write(key, value),
    delete: async key => (isEmpty() ? undefined : (await store()).delete(key)),
    exclusively: async (key, work, waiting) => (await store()).exclusively(key, work, waiting),
  }
}
