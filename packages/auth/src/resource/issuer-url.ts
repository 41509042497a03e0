/** Hosts that traffic without TLS may go to: it does not leave the machine. */
const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/

/**
 * A URL that is safe to be trusted: https, or http on loopback, without user, query and fragment.
 * @param what for the message: "the issuer"
 * @throws TypeError
 */
export function trustedUrl(text: string, what: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined) throw new TypeError(`${what} "${text}" must be a URL`)
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopback.test(url.hostname))) {
    throw new TypeError(`${what} "${text}" must be an https URL; http is for loopback addresses alone`)
  }
  if (/[?#]/.test(text) || url.username !== '' || url.password !== '') {
    throw new TypeError(`${what} "${text}" must have no user, query or fragment`)
  }
  return url
}

/** Where the metadata of an issuer may be, in order (specification: Authorization Server Metadata Discovery). */
export function metadataUrls(issuer: string): readonly string[] {
  const { origin, pathname } = new URL(issuer)
  const path = pathname.replace(/\/$/, '')
  const inserted = ['oauth-authorization-server', 'openid-configuration'].map(
    name => `${origin}/.well-known/${name}${path}`,
  )
  return path === '' ? inserted : [...inserted, `${origin}${path}/.well-known/openid-configuration`]
}
