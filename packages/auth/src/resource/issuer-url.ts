/** Hosts that traffic without TLS may go to: it does not leave the machine. */
const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/

/**
 * A URL that is safe to be trusted: https, or http on loopback, without user and fragment.
 * @param what for the message: "jwks_uri"
 * @throws TypeError
 */
export function trustedUrl(text: string, what: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined) throw new TypeError(`${what} "${text}" must be a URL`)
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopback.test(url.hostname))) {
    throw new TypeError(`${what} "${text}" must be an https URL; http is for loopback addresses alone`)
  }
  if (text.includes('#') || url.username !== '' || url.password !== '') {
    throw new TypeError(`${what} "${text}" must have no user and no fragment`)
  }
  return url
}

/**
 * The same for what names somebody or something: it has no query either.
 * @throws TypeError
 */
export function trustedIdentifier(text: string, what: string): URL {
  if (text.includes('?')) throw new TypeError(`${what} "${text}" must have no query`)
  return trustedUrl(text, what)
}
