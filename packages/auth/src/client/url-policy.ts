import { type AddressKind, addressKind } from './address.ts'

/** Which of the URLs that a server names may be fetched. Without options: https to public hosts only. */
export interface UrlPolicy {
  /** Allows this machine, over http too. For development, and for servers that themselves are on loopback. */
  readonly allowLoopback?: boolean
  /**
   * Hosts of one's own network that may be reached, over https: exact names or addresses, without port. They may have
   * private addresses (10.0.0.0/8, fc00::/7, …), and still never link-local ones or those of a cloud's metadata.
   */
  readonly allowPrivate?: readonly string[]
}

/** A URL is not fetched, for the reason told in the message. The message never has its query or user info. */
export class BlockedUrl extends TypeError {
  override readonly name = 'BlockedUrl'
}

/** Longest URL that is looked at: no well-known URL or endpoint comes near it. */
const urlChars = 8192

/**
 * The URL, when policy allows fetching it as far as its text tells. Where names are resolved, every address that comes
 * out has to pass `checkAddress` as well.
 * @throws BlockedUrl
 */
export function checkUrl(url: string | URL, policy: UrlPolicy = {}): URL {
  const target = parsed(url)
  const told = tell(target)
  if (target.username !== '' || target.password !== '') {
    throw new BlockedUrl(`${told} carries a user name or password; a URL from a server must not`)
  }
  const host = bareHost(target.hostname)
  const isLoopback = isLoopbackHost(host)
  if (isLoopback && policy.allowLoopback !== true) {
    throw new BlockedUrl(`${told} leads to this machine; allow loopback if that is meant`)
  }
  if (target.protocol !== 'https:' && !(target.protocol === 'http:' && isLoopback)) {
    throw new BlockedUrl(`${told} is not https; only https is fetched${isLoopback ? ', or http on loopback' : ''}`)
  }
  const kind = addressKind(host)
  if (kind !== undefined) checkAddress(host, host, policy)
  else if (isInternalName(host) && !isLoopback && !isListed(host, policy)) {
    throw new BlockedUrl(
      `${told} has a name of a private network; list "${clip(host)}" as an allowed host if it is yours`,
    )
  }
  return target
}

/**
 * Where a redirect leads, when policy allows following it. Nothing elsewhere leads to this machine, even where that may be
 * reached.
 * @throws BlockedUrl
 */
export function checkRedirect(from: URL, location: string, policy: UrlPolicy = {}): URL {
  if (!URL.canParse(location, from.href)) throw new BlockedUrl(`${tell(from)} redirects to what is not a URL`)
  const target = checkUrl(new URL(location, from), policy)
  if (!isLoopbackHost(target.hostname) || isLoopbackHost(from.hostname)) return target
  throw new BlockedUrl(`${tell(from)} redirects to this machine, which is not followed`)
}

/**
 * Checks an address that a host's name was resolved to. A name of this machine may only lead to loopback, any other one
 * never does, so a name can't be pointed elsewhere after it was checked.
 * @throws BlockedUrl
 */
export function checkAddress(host: string, address: string, policy: UrlPolicy = {}): void {
  const name = bareHost(host)
  const kind = addressKind(address) ?? 'special'
  const allowed: readonly AddressKind[] =
    isLoopbackHost(name) && policy.allowLoopback === true
      ? ['loopback']
      : isListed(name, policy)
        ? ['public', 'private']
        : ['public']
  if (allowed.includes(kind)) return
  const subject = name === bareHost(address) ? `"${clip(name)}" is` : `"${clip(name)}" leads to ${clip(address)},`
  const advice = kind === 'private' ? '; list the host as an allowed one if it is yours' : ''
  throw new BlockedUrl(`${subject} ${kindNames[kind]}${advice}`)
}

/** Whether a host, as `URL.hostname` has it, is this machine by its text: `localhost`, `x.localhost`, 127.0.0.1, ::1. */
export function isLoopbackHost(host: string): boolean {
  const bare = bareHost(host)
  return bare === 'localhost' || bare.endsWith('.localhost') || addressKind(bare) === 'loopback'
}

const kindNames: Record<AddressKind, string> = {
  public: 'a public address where loopback was expected',
  private: 'an address of a private network',
  loopback: 'an address of this machine',
  special: 'an address that is link-local, a cloud’s metadata or reserved, and never fetched',
}

function parsed(url: string | URL): URL {
  const text = String(url)
  if (text.length > urlChars) throw new BlockedUrl(`a URL of ${text.length} characters; at most ${urlChars} are taken`)
  if (!URL.canParse(text)) throw new BlockedUrl('what should be a URL is none; give an absolute one')
  return new URL(text)
}

/** Without brackets, in lower case, without the dot of the DNS root. */
const bareHost = (host: string): string =>
  host
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.+$/, '')

const isListed = (host: string, policy: UrlPolicy): boolean =>
  (policy.allowPrivate ?? []).some(allowed => bareHost(allowed) === host)

/** Names that only a private network answers for: one label, and the endings kept for that (RFC 6762, RFC 8375, ICANN). */
const isInternalName = (host: string): boolean =>
  !host.includes('.') || /\.(local|localdomain|internal|intranet|lan|corp|home|home\.arpa)$/.test(host)

const tell = (url: URL): string => clip(`${url.protocol}//${url.host}${url.pathname}`)

const clip = (text: string): string => (text.length > 200 ? `${text.slice(0, 200)}…` : text)
