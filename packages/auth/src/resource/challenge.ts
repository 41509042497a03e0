import type { Scheme } from './credentials.ts'
import type { DeniedCode } from './denied.ts'

export interface Challenge {
  readonly scheme: Scheme
  readonly code?: DeniedCode | undefined
  readonly description?: string | undefined
  readonly scopes: readonly string[]
  /** URL of the metadata, where there is any. */
  readonly resourceMetadata: string | undefined
  /** For DPoP: signature algorithms of proofs. */
  readonly algorithms: readonly string[]
}

/** A value of `WWW-Authenticate` (RFC 6750 section 3, RFC 9449 section 7.1, RFC 9728 section 5.1). */
export function challenge({ scheme, code, description, scopes, resourceMetadata, algorithms }: Challenge): string {
  const parameters = {
    error: code,
    error_description: code === undefined ? undefined : description,
    scope: scopes.length === 0 ? undefined : scopes.join(' '),
    resource_metadata: resourceMetadata,
    algs: scheme === 'dpop' ? algorithms.join(' ') : undefined,
  }
  const written = Object.entries(parameters).flatMap(([name, value]) =>
    value === undefined ? [] : `${name}="${value}"`,
  )
  const name = scheme === 'dpop' ? 'DPoP' : 'Bearer'
  return written.length === 0 ? name : `${name} ${written.join(', ')}`
}
