import type { CredentialStore } from '../client/contract.ts'
import type { Program } from '../client/program.ts'
import { type LoginRecord, loginKey } from '../client/records.ts'

/** Another process with the same store: it shares what is kept, and the lock. */
export const elsewhere = (store: CredentialStore): CredentialStore => ({ ...store })

/** Changes what is kept of the default account's login to a server, or of a program's right there. */
export async function change(
  store: CredentialStore,
  url: URL,
  own: (login: LoginRecord) => LoginRecord,
  program?: Program,
): Promise<void> {
  const key = loginKey(url, 'default', program)
  const login = JSON.parse((await store.read(key)) ?? '') as LoginRecord
  await store.write(key, JSON.stringify(own(login)))
}

/** As if the token had 10 of its 300 seconds left. */
export const nearlyOver = (login: LoginRecord): LoginRecord => {
  if (login.tokens === undefined) throw new Error('there are no tokens')
  const now = Date.now()
  return { ...login, obtainedAtMs: now - 290_000, tokens: { ...login.tokens, expiresAtMs: now + 10_000 } }
}
