import { wellKnown } from '../documents/well-known.ts'

export interface MetadataFacts {
  /** As it was configured: clients compare it as text. */
  readonly resource: string
  readonly issuers: readonly string[]
  readonly scopesSupported: readonly string[]
  readonly dpop?: { readonly algorithms: readonly string[]; readonly isRequired: boolean }
  readonly bindsCertificates: boolean
  readonly name?: string | undefined
  readonly documentation?: string | undefined
}

/** Protected resource metadata (RFC 9728 section 2). */
export function resourceMetadata(facts: MetadataFacts): object {
  const { resource, issuers, scopesSupported, dpop, bindsCertificates, name, documentation } = facts
  return {
    resource,
    authorization_servers: issuers,
    bearer_methods_supported: ['header'],
    ...(scopesSupported.length === 0 ? {} : { scopes_supported: scopesSupported }),
    ...(dpop === undefined ? {} : { dpop_signing_alg_values_supported: dpop.algorithms }),
    ...(dpop?.isRequired === true ? { dpop_bound_access_tokens_required: true } : {}),
    ...(bindsCertificates ? { tls_client_certificate_bound_access_tokens: true } : {}),
    ...(name === undefined ? {} : { resource_name: name }),
    ...(documentation === undefined ? {} : { resource_documentation: documentation }),
  }
}

/** Where the metadata of a resource is: the path that belongs to it, and the root, where some clients look. */
export function metadataPaths(resource: URL): readonly [own: string, ...others: string[]] {
  const at = (path: string): string => wellKnown('oauth-protected-resource', new URL(path, resource)).pathname
  const path = resource.pathname.replace(/\/$/, '')
  return path === '' ? [at('/')] : [at(path), at('/')]
}
