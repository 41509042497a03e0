import type { LoginIdentity, LoginStatus } from '@interlock/auth'
import { withoutControls } from './foreign.ts'

/** Whose it is: of an account, or of a program that runs under it. */
export const holderOf = ({ account, program }: Pick<LoginStatus, 'account' | 'program'>): string => {
  if (program === undefined) return account
  const name = program.clientId ?? program.source
  return `${account} (${program.grant}${name === undefined ? '' : ` ${name}`})`
}

/** A login for people, line by line. Has nothing secret. */
export function loginLines(status: LoginStatus, identity: LoginIdentity = {}): readonly string[] {
  const { subject, name, email, clientId } = identity
  const person = [subject, name, email].filter(value => value !== undefined).join(', ')
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['server', status.server],
    ['account', holderOf(status)],
    ['state', stateOf(status)],
    ['subject', person === '' ? undefined : person],
    ['client', clientId],
    ['issuer', status.issuer],
    ['scopes', status.scope],
    ['expires', expiryOf(status)],
    ['since', new Date(status.obtainedAtMs).toISOString()],
  ]
  return rows.flatMap(([title, value]) => (value === undefined ? [] : [`${title.padEnd(8)} ${withoutControls(value)}`]))
}

export function stateOf({ state, reason }: LoginStatus): string {
  switch (state) {
    case 'live':
      return 'live'
    case 'expired':
      return 'expired; log in again'
    case 'ended':
      return `ended${reason === undefined ? '' : ` (${reason})`}; log in again`
  }
}

function expiryOf({ expiresAtMs, canRefresh, state }: LoginStatus): string | undefined {
  if (expiresAtMs === undefined) return undefined
  const at = new Date(expiresAtMs).toISOString()
  return canRefresh && state === 'live' ? `${at}, and is refreshed before` : at
}

/** A login for programs. */
export function loginJson({ obtainedAtMs, expiresAtMs, ...rest }: LoginStatus): object {
  return {
    ...rest,
    obtainedAt: new Date(obtainedAtMs).toISOString(),
    ...(expiresAtMs === undefined ? {} : { expiresAt: new Date(expiresAtMs).toISOString() }),
  }
}
