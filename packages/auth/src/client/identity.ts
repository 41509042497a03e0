import { decodeJwt } from 'jose'
import { clientIdIn } from '../claims.ts'
import type { CredentialStore } from './contract.ts'
import type { Program } from './program.ts'
import { loginKey, readLogin } from './records.ts'
import { defaultAccount } from './settings.ts'

/** Whom a token is for, as the token says. */
export interface LoginIdentity {
  readonly subject?: string
  readonly clientId?: string
  readonly name?: string
  readonly email?: string
  /** Whom it may be shown to. */
  readonly audience?: readonly string[]
}

/**
 * Reads from a login's token who it is for, to be shown to that person. Nothing is verified: it is for the server to
 * believe. `undefined`: there is no token, or it is none that tells.
 */
export async function identityOf(
  store: CredentialStore,
  server: URL,
  account: string = defaultAccount,
  program?: Program,
): Promise<LoginIdentity | undefined> {
  const login = await readLogin(store, loginKey(server, account, program))
  const claims = claimsIn(login?.tokens?.accessToken)
  if (claims === undefined) return undefined
  const text = (...names: readonly string[]): string | undefined =>
    names.map(name => claims[name]).find((value): value is string => typeof value === 'string' && value !== '')
  const audience = [claims['aud']].flat().filter((value): value is string => typeof value === 'string')
  const found = {
    subject: text('sub'),
    clientId: clientIdIn(claims),
    name: text('name', 'preferred_username'),
    email: text('email'),
  }
  const entries = Object.entries(found).filter(([, value]) => value !== undefined)
  return { ...Object.fromEntries(entries), ...(audience.length > 0 && { audience }) }
}

function claimsIn(token: string | undefined): Readonly<Record<string, unknown>> | undefined {
  try {
    return token === undefined ? undefined : decodeJwt(token)
  } catch {
    return undefined // opaque
  }
}
