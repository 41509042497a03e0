import type { HttpRequest } from '@interlock/transport'
import { Denied } from './denied.ts'

export type Scheme = 'bearer' | 'dpop'

export interface Credentials {
  readonly scheme: Scheme
  readonly token: string
}

/**
 * Reads the access token of a request: from the Authorization header, sent once, and from nowhere else (specification:
 * Authorization, Token Requirements).
 * @throws Denied
 */
export function readCredentials(request: HttpRequest, maximumChars: number): Credentials {
  if (hasTokenInQuery(request.url)) {
    throw new Denied('invalid_request', 'access tokens are taken from the Authorization header, not from the URL')
  }
  const count = request.headerCount('authorization')
  if (count > 1) throw new Denied('invalid_request', 'the Authorization header was sent more than once')
  const header = request.header('authorization')
  if (header === undefined) throw new Denied(undefined, 'this server needs an access token')
  const [, scheme = '', rest = ''] = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+)(?: +(.*))?$/.exec(header) ?? []
  const kind = scheme.toLowerCase()
  if (kind !== 'bearer' && kind !== 'dpop') throw new Denied(undefined, 'this server needs an access token')
  if (rest.length > maximumChars) throw new Denied('invalid_token', 'the access token is too long')
  if (!/^[A-Za-z0-9._~+/-]+=*$/.test(rest)) {
    throw new Denied('invalid_request', 'the Authorization header needs one access token after the scheme')
  }
  return { scheme: kind, token: rest }
}

/** The scheme that the sender uses, for the challenge that answers it. */
export const schemeOf = (request: HttpRequest): Scheme =>
  /^dpop(?: |$)/i.test(request.header('authorization') ?? '') ? 'dpop' : 'bearer'

function hasTokenInQuery(url: string): boolean {
  const question = url.indexOf('?')
  return question >= 0 && new URLSearchParams(url.slice(question)).has('access_token')
}
