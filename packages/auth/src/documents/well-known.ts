/** Where the metadata of something is: the well-known name comes between origin and path (RFC 8414, RFC 9728). */
export function wellKnown(name: string, { origin, pathname, search }: URL): URL {
  return new URL(`${origin}/.well-known/${name}${pathname === '/' ? '' : pathname}${search}`)
}

/** Where the metadata of an issuer may be, in order (specification: Authorization Server Metadata Discovery). */
export function issuerPlaces(issuer: URL): readonly URL[] {
  const bare = new URL(issuer.href.replace(/\/+$/, ''))
  const inserted = [wellKnown('oauth-authorization-server', bare), wellKnown('openid-configuration', bare)]
  if (bare.pathname === '/') return inserted
  return [...inserted, new URL(`${bare.href}/.well-known/openid-configuration`)]
}
