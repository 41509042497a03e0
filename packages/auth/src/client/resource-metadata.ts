import { type Document, isTextList } from '../documents/json.ts'
import { wellKnown } from '../documents/well-known.ts'
import { AuthorizationError } from './contract.ts'
import { fetchDocument } from './document.ts'
import { type Flow, isWebUrl, quoted, told } from './flow.ts'

/** Metadata of a protected resource (RFC 9728), checked against the server that it is for. */
export interface ResourceMetadata {
  /** The server's resource identifier, exactly as the document has it. */
  readonly resource: string
  /** Issuers, at least one. */
  readonly authorizationServers: readonly string[]
  readonly scopesSupported?: readonly string[]
  /** Tokens must be bound to a key (RFC 9449). */
  readonly requiresDpop: boolean
}

const step = 'resource metadata'

/** Authorization servers that one resource may name. One that names more wants something else. */
const maximumServers = 16

/** Scopes that one resource may offer: they all go into a URL, and a person is to agree to them. */
const maximumScopes = 200

/**
 * Finds the metadata of a server: at the URL that its challenge names, else at the well-known URL with its path, else at
 * the one without (specification: Authorization Server Discovery). `undefined`: it has none, as before 2025-06-18.
 * @throws AuthorizationError when a document is there and is not for this server
 */
export async function discoverResource(
  flow: Flow,
  server: URL,
  named: string | undefined,
  { isExact = false }: { readonly isExact?: boolean } = {},
): Promise<ResourceMetadata | undefined> {
  flow.onStep(step, `asking ${server.origin} which authorization server it trusts`)
  if (named !== undefined) {
    const url = absolute(named, server)
    const document = await fetchDocument(flow, step, url)
    if (document !== undefined) return checked(document, { server, isExact }, url)
    throw new AuthorizationError(
      step,
      `${told(server)} says that its metadata is at ${told(url)}, and there is none; whoever runs the server has to correct it`,
    )
  }
  const root = wellKnown('oauth-protected-resource', new URL(server.origin))
  const withPath = wellKnown('oauth-protected-resource', server)
  for (const url of withPath.href === root.href ? [root] : [withPath, root]) {
    const document = await fetchDocument(flow, step, url)
    if (document !== undefined) return checked(document, { server, isExact }, url)
  }
  return undefined
}

function absolute(named: string, server: URL): URL {
  if (isWebUrl(named)) return new URL(named)
  const message = `${told(server)} names ${quoted(named)} as the place of its metadata; expected a URL of https`
  throw new AuthorizationError(step, message)
}

interface Expected {
  readonly server: URL
  /** Whether a path above the server's will not do (RFC 9728 section 3.3). */
  readonly isExact: boolean
}

function checked(document: Document, { server, isExact }: Expected, url: URL): ResourceMetadata {
  const { resource, authorization_servers: servers, scopes_supported: scopes } = document
  const fail = (why: string): never => {
    throw new AuthorizationError(step, `the metadata at ${told(url)} ${why}`)
  }
  const isOurs = typeof resource === 'string' && isFor(resource, server)
  if (!isOurs || (isExact && canonical(new URL(resource)) !== canonical(server))) {
    const wanted = `"${canonical(server)}"${isExact ? '' : ' or a path above it'}`
    return fail(`is for the resource ${quoted(resource)}; expected ${wanted}, so it is refused`)
  }
  if (!isTextList(servers) || servers.length === 0 || servers.length > maximumServers) {
    return fail(`names ${quoted(servers)} as "authorization_servers"; expected a list of one or more issuers`)
  }
  if (scopes !== undefined && (!isTextList(scopes) || scopes.length > maximumScopes)) {
    return fail(`has ${quoted(scopes)} as "scopes_supported"; expected a list of at most ${maximumScopes} scopes`)
  }
  return {
    resource,
    authorizationServers: servers,
    ...(scopes !== undefined && { scopesSupported: scopes }),
    requiresDpop: document['dpop_bound_access_tokens_required'] === true,
  }
}

/**
 * Whether a resource identifier is for a server: it is the server's URL, or one above it in the same origin, since
 * metadata may be served for a whole origin (specification: Protected Resource Metadata Discovery Requirements).
 */
export function isFor(resource: string, server: URL): boolean {
  if (!isWebUrl(resource) || resource.includes('#')) return false
  const { origin, pathname, search, username, password } = new URL(resource)
  if (origin !== server.origin || username !== '' || password !== '') return false
  if (search !== '' && search !== server.search) return false
  if (pathname === server.pathname) return true
  const above = pathname.endsWith('/') ? pathname : `${pathname}/`
  return search === '' && `${server.pathname}/`.startsWith(above)
}

/** The resource identifier of a server that has no metadata: its URL, without a slash that is the whole path. */
export const canonical = ({ origin, pathname, search }: URL): string =>
  `${origin}${pathname === '/' && search === '' ? '' : pathname}${search}`
