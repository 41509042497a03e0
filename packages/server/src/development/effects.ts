import { AsyncLocalStorage } from 'node:async_hooks'
import { channel } from 'node:diagnostics_channel'
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import net from 'node:net'

/** Something that code did to the world outside of its process. */
export interface Effect {
  /** The same text for the same effect, for people. */
  readonly what: string
  /** The author's line that did it, where the stack tells. */
  readonly where: string | undefined
}

type Listener = (effect: Effect) => void

const listening = new AsyncLocalStorage<Listener | undefined>()
let isWatching = false

/** Runs code and tells of the effects it has, and of those of all that it starts. */
export function watched<T>(listener: Listener, run: () => T): T {
  if (!isWatching) {
    isWatching = true
    watchRequests()
    watchFiles()
    watchSockets()
    watchProcesses()
  }
  return listening.run(listener, run)
}

/** Runs code whose effects are nobody's business. */
export const unwatched = <T>(run: () => T): T => listening.run(undefined, run)

function tell(what: string): void {
  listening.getStore()?.({ what, where: authorsLine() })
}

const ownFolder = new URL('..', import.meta.url).href

/** The first line of the stack that is neither Node's, nor ours, nor a package's. */
function authorsLine(): string | undefined {
  const lines = new Error().stack?.split('\n').slice(1) ?? []
  return lines.find(isAuthors)?.trim()
}

const isAuthors = (line: string): boolean => {
  const isOurs = line.includes(ownFolder) || line.includes(new URL(ownFolder).pathname)
  return !/node:|node_modules/.test(line) && (!isOurs || line.includes('.test.'))
}

/** Connections whose messages are told of as requests, or belong to clients of this process. */
const spokenFor = new WeakSet<object>()

function watchRequests(): void {
  const reads = new Set(['GET', 'HEAD', 'OPTIONS'])
  subscribe<{ request: { method: string; origin?: unknown; path: string } }>('undici:request:create', ({ request }) => {
    if (!reads.has(request.method)) tell(`${request.method} ${String(request.origin)}${request.path}`)
  })
  subscribe<{ socket: object }>('undici:client:connected', ({ socket }) => spokenFor.add(socket))
  subscribe<{ request: import('node:http').ClientRequest }>('http.client.request.start', ({ request }) => {
    if (request.socket !== null) spokenFor.add(request.socket)
    request.once('socket', socket => spokenFor.add(socket))
    if (!reads.has(request.method)) tell(`${request.method} ${request.protocol}//${request.host}${request.path}`)
  })
}

const writers = [
  'appendFile',
  'copyFile',
  'cp',
  'createWriteStream',
  'link',
  'mkdir',
  'rename',
  'rm',
  'rmdir',
  'symlink',
  'truncate',
  'unlink',
  'writeFile',
] as const

/** Files have no channel of their own, so the functions that write them are wrapped, for importers by name too. */
function watchFiles(): void {
  for (const name of writers) {
    for (const [owner, member] of [
      [fs, name],
      [fs, `${name}Sync`],
      [fs.promises, name],
    ] as const) {
      const original: unknown = Reflect.get(owner, member)
      if (typeof original !== 'function') continue
      const wrapped = function (this: unknown, ...given: unknown[]): unknown {
        tell(
          `${name} ${given
            .slice(0, name === 'rename' ? 2 : 1)
            .map(String)
            .join(' ')}`,
        )
        // What the function does inside is part of it.
        return unwatched(() => Reflect.apply(original, this, given) as unknown)
      }
      Reflect.set(owner, member, Object.assign(wrapped, original))
    }
  }
  syncBuiltinESMExports()
}

/** Databases and the like: messages over connections that are not HTTP's. */
function watchSockets(): void {
  subscribe<{ socket: object }>('net.server.socket', ({ socket }) => spokenFor.add(socket))
  const { write } = net.Socket.prototype
  net.Socket.prototype.write = function (this: net.Socket, ...given: unknown[]): boolean {
    const listener = listening.getStore()
    if (listener !== undefined) {
      const where = authorsLine()
      const told = (): void => {
        if (this.remoteAddress === undefined || spokenFor.has(this)) return
        listener({ what: `message to ${this.remoteAddress} port ${this.remotePort}`, where })
      }
      // Where it goes is not known before.
      if (this.connecting) this.once('connect', told)
      else told()
    }
    return Reflect.apply(write, this, given)
  }
}

function watchProcesses(): void {
  subscribe<{ process: { spawnargs?: string[] } }>('child_process', ({ process: child }) => {
    const listener = listening.getStore()
    if (listener === undefined) return
    const where = authorsLine()
    // It is not known yet what will run.
    queueMicrotask(() => listener({ what: `process ${child.spawnargs?.join(' ') ?? ''}`, where }))
  })
}

function subscribe<Message>(name: string, listener: (message: Message) => void): void {
  channel(name).subscribe(message => listener(message as Message)) // the shape is Node's, documented with the channel
}
