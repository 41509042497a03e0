import type { Demand } from './challenge.ts'
import type { Tokens } from './contract.ts'
import type { LoginRecord } from './records.ts'
import { covers, unionOf } from './scopes.ts'

const limits = {
  /** Tokens are refreshed this long before they end: longer than a request takes to get there, clocks being off. */
  skewMs: 30_000,
  /** Share of its life that a short-lived token is refreshed before its end at most, so that it is used at all. */
  skewShare: 0.2,
}

/** Why the tokens that there are will not do. */
export interface Need {
  /** The tokens that the server did not take, or that are about to end; absent: none were sent. */
  readonly used: Tokens | undefined
  readonly demand: Demand
  /** The tokens are good and lack scopes. */
  readonly isStepUp: boolean
}

export const isOver = ({ expiresAtMs }: Tokens): boolean => expiresAtMs !== undefined && expiresAtMs <= Date.now()

/** Whether tokens are about to end. */
export function isStale({ obtainedAtMs }: LoginRecord, { expiresAtMs }: Tokens): boolean {
  if (expiresAtMs === undefined) return false
  const skewMs = Math.min(limits.skewMs, (expiresAtMs - obtainedAtMs) * limits.skewShare)
  return expiresAtMs - skewMs <= Date.now()
}

/** Whether another has brought better tokens meanwhile. */
export function suffices(login: LoginRecord, { used, demand, isStepUp }: Need): boolean {
  const { tokens, requestedScope } = login
  if (tokens === undefined || tokens.accessToken === used?.accessToken || isOver(tokens)) return false
  return !isStepUp || covers(unionOf(requestedScope, tokens.scope), demand.scope)
}

export const canRefresh = (login: LoginRecord | undefined): login is LoginRecord & { readonly tokens: Tokens } =>
  login?.tokens?.refreshToken !== undefined && login.client !== undefined
