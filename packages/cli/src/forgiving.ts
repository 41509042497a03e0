import { type CredentialStore, isLoginKey } from '@interlock/auth'

/**
 * What is kept, where a login that can't be read counts as none: a server that needs no login is not to suffer from a key
 * that is gone. That ends for a login with the first time that it is found, so that a moment's failure drops none. All
 * else that is kept is read or the reading fails: what can't be read has not gone, and is not to be made anew.
 */
export interface Forgiving extends CredentialStore {
  /** Why something could not be read. */
  problem(): string | undefined
}

export function forgiving(store: CredentialStore): Forgiving {
  let problem: string | undefined
  const found = new Set<string>()
  return {
    get description() {
      return store.description
    },
    problem: () => problem,
    async read(key) {
      try {
        const value = await store.read(key)
        problem = undefined
        if (value !== undefined) found.add(key)
        return value
      } catch (error) {
        problem = error instanceof Error ? error.message : 'the store cannot be read'
        if (!isLoginKey(key) || found.has(key)) throw error
        return undefined
      }
    },
    keys: () => store.keys(),
    write: (key, value) => store.write(key, value),
    delete: key => store.delete(key),
    exclusively: (key, work, waiting) => store.exclusively(key, work, waiting),
  }
}
