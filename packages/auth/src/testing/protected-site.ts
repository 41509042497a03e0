import { calculateJwkThumbprint, decodeJwt, decodeProtectedHeader } from 'jose'
import { type SiteAnswer, type SiteRequest, startSite } from './site.ts'

/** A protected MCP endpoint, as far as a client of OAuth sees it. Believes tokens by what is in them. */
export interface ProtectedSite extends AsyncDisposable {
  readonly url: URL
  /** "GET /path" of all requests. */
  readonly requests: string[]
  /** Authorization headers that came to the endpoint. */
  readonly credentials: (string | undefined)[]
  /** Tokens that are not taken any more. */
  readonly revoked: Set<string>
  /** Who gives tokens; may change. */
  issuers: string[]
  /** The scope that a JSON-RPC method needs. */
  needs: Record<string, string>
  /** What the method "write" wants besides, whatever the token has. */
  insists: () => string | undefined
  /** Named in challenges to those who have no token. */
  scope: string | undefined
  /** Members laid over the resource's metadata. */
  metadata: Record<string, unknown>
  /** A nonce that proofs of possession must have. */
  nonce: string | undefined
}

export async function startProtected(...issuers: string[]): Promise<ProtectedSite> {
  const inner = await startSite()
  const url = new URL(`${inner.origin}/mcp`)
  const wellKnown = '/.well-known/oauth-protected-resource/mcp'
  const site: ProtectedSite = {
    url,
    requests: inner.requests,
    credentials: [],
    revoked: new Set(),
    issuers,
    needs: {},
    insists: () => undefined,
    scope: 'files:read',
    metadata: {},
    nonce: undefined,
    [Symbol.asyncDispose]: () => inner[Symbol.asyncDispose](),
  }
  const refuse = (status: number, challenge: string, headers: Readonly<Record<string, string>> = {}): SiteAnswer => ({
    status,
    headers: { 'www-authenticate': `${challenge}, resource_metadata="${inner.origin}${wellKnown}"`, ...headers },
  })
  inner.pages[`GET ${wellKnown}`] = () => ({
    body: { resource: url.href, authorization_servers: site.issuers, ...site.metadata },
  })
  inner.pages['POST /mcp'] = async request => {
    const { authorization } = request.headers
    site.credentials.push(authorization)
    const [scheme = '', token] = authorization?.split(' ') ?? []
    if (token === undefined)
      return refuse(401, site.scope === undefined ? 'Bearer realm="x"' : `Bearer scope="${site.scope}"`)
    const claims = decodeJwt(token)
    const isOurs = site.issuers.includes(claims.iss ?? '') && claims.aud === url.href
    if (!isOurs || site.revoked.has(token) || (claims.exp ?? 0) * 1000 < Date.now()) {
      return refuse(401, 'Bearer error="invalid_token"')
    }
    const { jkt } = (claims['cnf'] ?? {}) as { jkt?: string }
    const proof = jkt === undefined ? undefined : await proofIn(request, jkt, scheme)
    if (jkt !== undefined && proof === undefined) return refuse(401, 'DPoP error="invalid_dpop_proof"')
    if (proof !== undefined && proof['nonce'] !== site.nonce) {
      return refuse(401, 'DPoP error="use_dpop_nonce"', { 'dpop-nonce': site.nonce ?? '' })
    }
    const { method } = JSON.parse(request.body) as { method: string }
    const needed = site.needs[method]
    if (needed !== undefined && !String(claims['scope']).split(' ').includes(needed)) {
      return refuse(403, `Bearer error="insufficient_scope", scope="${needed}"`)
    }
    const insisted = method === 'write' ? site.insists() : undefined
    if (insisted !== undefined) return refuse(403, `Bearer error="insufficient_scope", scope="${insisted}"`)
    return { body: { sub: claims.sub, scope: claims['scope'] } }
  }
  return site
}

async function proofIn(
  { headers }: SiteRequest,
  jkt: string,
  scheme: string,
): Promise<Record<string, unknown> | undefined> {
  const proof = headers['dpop']
  if (typeof proof !== 'string' || scheme !== 'DPoP') return undefined
  const { jwk } = decodeProtectedHeader(proof)
  return jwk !== undefined && (await calculateJwkThumbprint(jwk)) === jkt ? decodeJwt(proof) : undefined
}
