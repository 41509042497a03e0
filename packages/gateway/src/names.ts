import { createHash } from 'node:crypto'

export const nameLimits = {
  /** Longest exposed name: what model providers accept for a function. */
  nameLength: 64,
  /** Longest part for the server, so that most of a name is left for the tool. */
  segmentLength: 24,
} as const

/** Between the server's part and the tool's. */
const separator = '__'

/** Hexadecimal digits of the hash that tells cut or cleaned names apart: for servers, tools, and in a collision. */
const segmentDigits = 6
const toolDigits = 8
const collisionDigits = 16

const plainSegment = /^[A-Za-z0-9-]+(?:_[A-Za-z0-9-]+)*$/
const plainTool = /^[A-Za-z0-9_-]+$/

export interface Origin {
  readonly server: string
  readonly name: string
}

/**
 * The name under which the gateway offers a server's tool (or prompt): `server__tool`, at most 64 characters of
 * `A-Z a-z 0-9 _ -`. It depends on nothing but the two names, so adding a server never renames anything.
 *
 * - The server's part is its name if that has at most 24 characters, all of them allowed, and no underscore at either
 *   end or beside another. Otherwise it is the name with other characters replaced by `-` and cut, then `-` and 6 digits
 *   of the SHA-256 of the name. It never contains `__`, so the first `__` of an exposed name ends it.
 * - The tool's part is its name if that has only allowed characters and fits. Otherwise it is the cleaned name, its middle
 *   replaced by `-` where it is too long (names of a family often differ at the end), then `_` and 8 digits of the
 *   SHA-256 of server, NUL and tool.
 *
 * Two pairs can meet only if one is named like the other's hash or hashes collide; `createNames` keeps such apart.
 */
export function exposedName(server: string, tool: string): string {
  const start = serverSegment(server) + separator
  if (plainTool.test(tool) && start.length + tool.length <= nameLimits.nameLength) return start + tool
  return start + hashedPart(tool, hash(`${server}\0${tool}`, toolDigits), nameLimits.nameLength - start.length)
}

/** The way back from exposed names, and the guard that no two origins share one. */
export interface Names {
  /**
   * Gives the exposed name and remembers where it leads; the same pair gets the same name again. In a collision the
   * first to come keeps the name and the other gets a longer hash.
   */
  add(server: string, name: string): string
  resolve(exposed: string): Origin | undefined
  /** Forgets all names of a server. */
  clear(server: string): void
}

export function createNames(): Names {
  const origins = new Map<string, Origin>()
  const servers = new Map<string, Map<string, string>>()
  return {
    add(server, name) {
      const known = servers.get(server) ?? new Map<string, string>()
      const before = known.get(name)
      if (before !== undefined) return before
      const exposed = freeName(server, name, candidate => !origins.has(candidate))
      origins.set(exposed, { server, name })
      servers.set(server, known.set(name, exposed))
      return exposed
    },
    resolve: exposed => origins.get(exposed),
    clear(server) {
      for (const exposed of servers.get(server)?.values() ?? []) origins.delete(exposed)
      servers.delete(server)
    },
  }
}

function freeName(server: string, name: string, isFree: (candidate: string) => boolean): string {
  const first = exposedName(server, name)
  if (isFree(first)) return first
  const start = serverSegment(server) + separator
  // A server may choose its names so that they meet a longer hash as well, hence the loop; it cannot occupy them all.
  for (let round = 1; ; round++) {
    const digits = hash(`${server}\0${name}\0${round}`, collisionDigits)
    const candidate = start + hashedPart(name, digits, nameLimits.nameLength - start.length)
    if (isFree(candidate)) return candidate
  }
}

/** The part of exposed names that stands for a server. */
export function serverSegment(server: string): string {
  if (server.length <= nameLimits.segmentLength && plainSegment.test(server)) return server
  const clean = server
    .replace(/[^A-Za-z0-9_-]+/g, '-')
    .replace(/_{2,}/g, '-')
    .replace(/^[_-]+/, '')
    .slice(0, nameLimits.segmentLength - segmentDigits - 1)
    .replace(/[_-]+$/, '')
  return `${clean || 'server'}-${hash(server, segmentDigits)}`
}

/** The cleaned name and the hash, in at most `length` characters. */
function hashedPart(name: string, digits: string, length: number): string {
  const clean = name.replace(/[^A-Za-z0-9_-]+/g, '-')
  const room = length - digits.length - 1
  const head = Math.ceil((room - 1) / 2)
  const text = clean.length <= room ? clean : `${clean.slice(0, head)}-${clean.slice(head + 1 - room)}`
  return text === '' ? digits : `${text}_${digits}`
}

function hash(text: string, digits: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, digits)
}
