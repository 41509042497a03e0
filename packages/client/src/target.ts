import type { Receiver, Transport } from '@interlock/protocol'
import {
  type Authorize,
  type Headers,
  type HttpSend,
  httpTransport,
  memoryTransport,
  platformSend,
  sseTransport,
} from '@interlock/transport'
import { words } from './words.ts'

/** A program that is started and spoken to over its standard input and output. */
export interface LaunchTarget {
  readonly command: string
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
}

export interface HttpTarget {
  readonly url: string | URL
  /** `sse` speaks HTTP+SSE at once; by default that is found out. */
  readonly type?: 'http' | 'sse'
  /** Sent with every request, for example credentials. */
  readonly headers?: Headers
}

/** A server in the same process. */
export interface InProcessTarget {
  readonly receiver: Receiver
}

/** A URL; a command line, which no shell sees; or what either of them says, in full. */
export type Target = string | URL | HttpTarget | LaunchTarget | InProcessTarget | Transport

/** A target once it is understood. */
export interface Destination {
  /** How messages call it. */
  readonly name: string
  /** The same for the same server; absent where nobody can tell. */
  readonly key?: string
  open(): Promise<Transport>
}

/** How requests go to a server over HTTP. */
export interface HttpAccess {
  readonly send?: HttpSend
  readonly auth?: Authorize
}

/** @throws TypeError when the target cannot be one. */
export function destination(target: Target, access: HttpAccess): Destination {
  if (typeof target === 'string') return fromText(target, access)
  if (target instanceof URL) return overHttp({ url: target }, access)
  if ('url' in target) return overHttp(target, access)
  if ('command' in target) return launched(target)
  if ('receiver' in target) {
    return { name: 'the server in this process', open: async () => memoryTransport(target.receiver) }
  }
  if ('exchange' in target) return { name: `the server on ${target.kind}`, open: async () => target }
  throw new TypeError('a target is a URL, a command line, or an object with "url", "command", "receiver" or "exchange"')
}

function fromText(text: string, access: HttpAccess): Destination {
  if (/^https?:\/\//i.test(text)) return overHttp({ url: text }, access)
  const [command, ...args] = words(text)
  if (command === undefined) throw new TypeError('the target is empty; give a URL or a command line')
  return launched({ command, args })
}

function overHttp({ url: address, type, headers }: HttpTarget, access: HttpAccess): Destination {
  const url = new URL(address)
  const send = access.auth === undefined ? access.send : access.auth(access.send ?? platformSend, url)
  const name = `${url.origin}${url.pathname}`
  const options = {
    ...(headers === undefined ? {} : { headers: lowerCase(headers) }),
    ...(send === undefined ? {} : { send }),
  }
  // Nothing is found out over HTTP+SSE, so there is nothing to remember.
  if (type === 'sse') return { name, open: async () => sseTransport(url, options) }
  return { name, key: name, open: async () => httpTransport(url, options) }
}

const lowerCase = (headers: Headers): Headers =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))

function launched(target: LaunchTarget): Destination {
  const line = [target.command, ...(target.args ?? [])].map(quoted).join(' ')
  return {
    name: `"${line}"`,
    key: `${target.cwd ?? ''}\n${line}`,
    async open() {
      const { stdioTransport } = await import('@interlock/transport/stdio')
      return stdioTransport(target)
    },
  }
}

const quoted = (word: string): string => (/^[^\s"']+$/.test(word) ? word : JSON.stringify(word))
