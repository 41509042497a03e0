import type { HttpRequest } from '@interlock/transport'
import type { Credentials } from './credentials.ts'
import { invalidToken } from './denied.ts'
import { digest } from './digest.ts'
import type { ProofChecker } from './dpop.ts'
import type { MtlsOptions } from './options.ts'

export interface Binders {
  readonly dpop: ProofChecker | undefined
  readonly isDpopRequired: boolean
  readonly mtls: MtlsOptions | undefined
}

/** What a token says of its sender. */
export interface Claimed {
  readonly subject: string
  readonly cnf: unknown
}

/**
 * Checks that the sender of a token is who it is bound to (`cnf`, RFC 7800). A binding that cannot be checked here is a
 * reason to refuse, never to overlook.
 * @throws Denied
 */
export async function confirm(
  request: HttpRequest,
  { scheme, token }: Credentials,
  { subject, cnf }: Claimed,
  { dpop, isDpopRequired, mtls }: Binders,
): Promise<void> {
  const { jkt, 'x5t#S256': x5t, ...others } = bindingOf(cnf)
  if (Object.keys(others).length > 0) throw invalidToken('the access token is bound in a way that is not known here')
  if (isDpopRequired && jkt === undefined)
    throw invalidToken('this server needs an access token that is bound with DPoP')
  if (mtls?.isRequired === true && x5t === undefined) {
    throw invalidToken('this server needs an access token that is bound to a certificate')
  }
  if (x5t !== undefined) await confirmCertificate(request, x5t, mtls)
  if (jkt === undefined) {
    if (scheme === 'dpop') throw invalidToken('the access token is bound to no key: send it as a bearer token')
    return
  }
  if (scheme !== 'dpop') throw invalidToken('the access token is bound to a key: send it with DPoP and a proof')
  if (dpop === undefined || typeof jkt !== 'string') throw invalidToken('this server does not take tokens with DPoP')
  await dpop.check(request, token, jkt, subject)
}

async function confirmCertificate(request: HttpRequest, x5t: unknown, mtls: MtlsOptions | undefined): Promise<void> {
  const certificate = mtls?.certificateOf(request)
  if (certificate === undefined || x5t !== (await digest(certificate))) {
    throw invalidToken('the access token is bound to a certificate, which is not that of this connection')
  }
}

function bindingOf(cnf: unknown): Readonly<Record<string, unknown>> {
  if (cnf === undefined) return {}
  if (typeof cnf !== 'object' || cnf === null) throw invalidToken('the access token is malformed')
  return { ...cnf }
}

/**
 * What two sources say that a token is bound to: all of it has to hold.
 * @throws Denied when they contradict each other
 */
export function bothBindings(one: unknown, other: unknown): unknown {
  if (one === undefined) return other
  if (other === undefined) return one
  const [first, second] = [bindingOf(one), bindingOf(other)]
  const isSame = (name: string): boolean => first[name] === second[name]
  if (Object.keys(first).some(name => name in second && !isSame(name))) {
    throw invalidToken('the access token is bound to one key, and its issuer names another')
  }
  return { ...first, ...second }
}
