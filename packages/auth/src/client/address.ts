/**
 * What an IP address may be reached for:
 * - `public`: anybody's host on the internet
 * - `private`: a host of one's own network (RFC 1918, RFC 6598, RFC 4193)
 * - `loopback`: this machine
 * - `special`: nothing a URL should ever lead to: link-local, a cloud's metadata, multicast, unspecified, reserved
 */
export type AddressKind = 'public' | 'private' | 'loopback' | 'special'

/** Whether anybody on the internet may have the address. Text that is no address is not public. */
export const isPublicAddress = (ip: string): boolean => addressKind(ip) === 'public'

/** The kind of an address, however it is spelled. `undefined`: the text is no address, but perhaps a name. */
export function addressKind(ip: string): AddressKind | undefined {
  const host = normalised(ip)
  if (host === undefined) return undefined
  if (host.startsWith('[')) return kindOfV6(words(host.slice(1, -1)))
  return isDotted(host) ? kindOfV4(host.split('.').map(Number)) : undefined
}

/** As the URL standard writes it: hexadecimal, octal, short and mapped forms of one address become one. */
function normalised(ip: string): string | undefined {
  const bare = ip.startsWith('[') && ip.endsWith(']') ? ip.slice(1, -1) : ip
  const isV6 = bare.includes(':')
  if (/[/\\?#@\s]/.test(bare) || (isV6 && bare.includes('%'))) return undefined
  const url = `http://${isV6 ? `[${bare}]` : bare}/`
  return URL.canParse(url) ? new URL(url).hostname : undefined
}

const isDotted = (host: string): boolean => /^\d{1,3}(\.\d{1,3}){3}$/.test(host)

type Block = readonly [prefix: readonly number[], bits: number, kind: AddressKind]

/** Special-purpose blocks of the IANA registry (RFC 6890), the first that fits counts. */
const v4Blocks: readonly Block[] = [
  [[127], 8, 'loopback'],
  // Addresses at which clouds hand out credentials although their block isn't link-local: Alibaba, Azure.
  [[100, 100, 100, 200], 32, 'special'],
  [[168, 63, 129, 16], 32, 'special'],
  [[10], 8, 'private'],
  [[172, 16], 12, 'private'],
  [[192, 168], 16, 'private'],
  [[100, 64], 10, 'private'],
  [[0], 8, 'special'],
  [[169, 254], 16, 'special'],
  [[192, 0, 0], 24, 'special'],
  [[192, 0, 2], 24, 'special'],
  [[192, 88, 99], 24, 'special'],
  [[198, 18], 15, 'special'],
  [[198, 51, 100], 24, 'special'],
  [[203, 0, 113], 24, 'special'],
  [[224], 3, 'special'],
]

/** The same for IPv6, in words of 16 bits; what is not in 2000::/3 was never given out (RFC 4291). */
const v6Blocks: readonly Block[] = [
  [[0, 0, 0, 0, 0, 0, 0, 1], 128, 'loopback'],
  // Metadata addresses of Amazon and Google, inside the block for one's own networks.
  [[0xfd00, 0xec2], 32, 'special'],
  [[0xfd20, 0xce], 32, 'special'],
  [[0xfc00], 7, 'private'],
  [[0x2001, 0], 23, 'special'],
  [[0x2001, 0xdb8], 32, 'special'],
  [[0x2002], 16, 'special'],
  [[0x3fff], 20, 'special'],
  [[0x2000], 3, 'public'],
]

const kindOfV4 = (bytes: readonly number[]): AddressKind =>
  v4Blocks.find(block => isIn(bytes, 8, block))?.[2] ?? 'public'

/** IPv4-mapped addresses and those of a NAT64 gateway (RFC 6052) are what the IPv4 address in them is. */
function kindOfV6(address: readonly number[]): AddressKind {
  const isMapped = isIn(address, 16, [[0, 0, 0, 0, 0, 0xffff], 96, 'special'])
  const isNat64 = isIn(address, 16, [[0x64, 0xff9b, 0, 0, 0, 0], 96, 'special'])
  if (isMapped || isNat64) return kindOfV4(address.slice(6).flatMap(word => [word >> 8, word & 0xff]))
  return v6Blocks.find(block => isIn(address, 16, block))?.[2] ?? 'special'
}

/** Whether the first bits of an address, held in units of `width` bits, are those of the block. */
function isIn(address: readonly number[], width: number, [prefix, bits]: Block): boolean {
  for (let at = 0; at * width < bits; at++) {
    const drop = Math.max(0, (at + 1) * width - bits)
    if ((address[at] ?? 0) >> drop !== (prefix[at] ?? 0) >> drop) return false
  }
  return true
}

/** The eight words of an IPv6 address as the URL standard writes it: no dotted part, at most one `::`. */
function words(address: string): readonly number[] {
  const [head = '', tail] = address.split('::')
  const [first, last] = [readWords(head), readWords(tail ?? '')]
  return [...first, ...Array.from({ length: 8 - first.length - last.length }, () => 0), ...last]
}

const readWords = (text: string): readonly number[] =>
  text === '' ? [] : text.split(':').map(word => Number.parseInt(word, 16))
