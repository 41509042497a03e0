import type { CredentialStore } from './contract.ts'
import { turns } from './turns.ts'

/** A store that ends with the process: for tests, and for clients that log in each time they start. */
export function memoryStore(): CredentialStore {
  const secrets = new Map<string, string>()
  return {
    description: 'memory, until the process ends',
    read: async key => secrets.get(key),
    write: async (key, value) => void secrets.set(key, value),
    delete: async key => void secrets.delete(key),
    keys: async () => [...secrets.keys()],
    exclusively: turns(),
  }
}
