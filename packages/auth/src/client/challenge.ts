/** One challenge of a `WWW-Authenticate` header (RFC 9110 section 11.6.1). */
export interface Challenge {
  /** In lower case. */
  readonly scheme: string
  readonly token68?: string
  /** By lower-case name; of a name that comes twice, the first value. */
  readonly parameters: ReadonlyMap<string, string>
}

/** Longest header that is read. Servers of HTTP cap all headers together at 8 to 32 KiB. */
const headerCharacters = 32 * 1024

const token = "[!#$%&'*+.^_`|~0-9A-Za-z-]+"
const ends = '(?=[ \\t]*(?:,|$))'
const separators = /[ \t,]*/y
const parameter = new RegExp(`(${token})[ \\t]*=[ \\t]*(?:"((?:[^"\\\\]|\\\\.)*)"|(${token}))${ends}`, 'y')
const scheme = new RegExp(`(${token})(?:[ \\t]+|${ends})`, 'y')
const token68 = new RegExp(`([A-Za-z0-9._~+/-]+=*)${ends}`, 'y')

/**
 * Reads all challenges of a header, which may have come in several lines. What follows a mistake in the grammar is not
 * read: nobody knows whom it belongs to.
 */
export function parseChallenges(header: string): readonly Challenge[] {
  const challenges: { scheme: string; token68?: string; parameters: Map<string, string> }[] = []
  const text = header.slice(0, headerCharacters)
  let at = 0
  const read = (pattern: RegExp): RegExpExecArray | undefined => {
    pattern.lastIndex = at
    const match = pattern.exec(text)
    if (match === null) return undefined
    at = pattern.lastIndex
    return match
  }
  for (;;) {
    read(separators)
    const current = challenges.at(-1)
    const found = current === undefined || current.token68 !== undefined ? undefined : read(parameter)
    if (current !== undefined && found !== undefined) {
      const [, name = '', quoted, plain = ''] = found
      const key = name.toLowerCase()
      if (!current.parameters.has(key)) current.parameters.set(key, quoted?.replace(/\\(.)/g, '$1') ?? plain)
      continue
    }
    const [, started] = read(scheme) ?? []
    if (started === undefined) return challenges
    const next = { scheme: started.toLowerCase(), parameters: new Map<string, string>() }
    const [, credentials] = read(token68) ?? []
    challenges.push(credentials === undefined ? next : { ...next, token68: credentials })
  }
}

/** What a server's 401 or 403 says to a client of OAuth (RFC 6750 section 3, RFC 9728 section 5.1, RFC 9449). */
export interface Demand {
  /** `insufficient_scope`, `invalid_token`, … */
  readonly error?: string
  /** Scopes that the operation needs. */
  readonly scope?: string
  /** Where the resource's metadata is. */
  readonly resourceMetadata?: string
}

const schemes: ReadonlySet<string> = new Set(['bearer', 'dpop'])

/**
 * What the header demands: each member from the first `Bearer` or `DPoP` challenge that has it. `undefined`: there are
 * challenges, and none of them is for OAuth.
 */
export function demandOf(header: string | undefined): Demand | undefined {
  const challenges = parseChallenges(header ?? '')
  const ours = challenges.filter(challenge => schemes.has(challenge.scheme))
  if (ours.length === 0) return challenges.length === 0 ? {} : undefined
  const first = (name: string): string | undefined =>
    ours.map(({ parameters }) => parameters.get(name)).find(value => value !== undefined)
  const [error, scope, resourceMetadata] = [first('error'), first('scope'), first('resource_metadata')]
  return {
    ...(error !== undefined && { error }),
    ...(scope !== undefined && { scope }),
    ...(resourceMetadata !== undefined && { resourceMetadata }),
  }
}
