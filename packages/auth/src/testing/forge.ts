import { importJWK, SignJWT } from 'jose'
import type { TestProvider } from './provider.ts'

export interface Forgery {
  /** Over those of a good token; undefined takes one away. */
  readonly claims?: Readonly<Record<string, unknown>>
  readonly header?: Readonly<Record<string, unknown>>
}

/** A token as the provider makes it, signed with its own key, but for what is changed. */
export async function mint(provider: TestProvider, resource: URL, { claims, header }: Forgery = {}): Promise<string> {
  const [jwk] = provider.keys()
  if (jwk?.alg === undefined) throw new Error('the provider has no key')
  const now = Math.floor(Date.now() / 1000)
  const whole = { iss: provider.issuer, aud: resource.href, sub: 'alice', client_id: 'c', iat: now, exp: now + 60 }
  const { kid, alg } = jwk
  return new SignJWT({ ...whole, ...claims })
    .setProtectedHeader({ alg, typ: 'at+jwt', ...(kid === undefined ? {} : { kid }), ...header })
    .sign(await importJWK(jwk, alg), { crit: { 'urn:x': true } }) // the one critical extension that can be forged
}
