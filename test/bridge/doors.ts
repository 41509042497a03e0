import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { Receiver } from '@interlock/protocol'
import { listenHttp } from '@interlock/transport/node'
import { listenStdio } from '@interlock/transport/stdio'
import { speaking } from '../support/revision-proxy.ts'
import type { Opened } from './opened.ts'

export type Binding = 'http' | 'stdio'

/** A program that leads to a server, as whoever speaks over stdio starts it. */
export interface Launch {
  readonly command: string
  readonly args: readonly string[]
}

/** The ways in to something that serves. */
export interface Doors {
  readonly url: URL
  readonly launch: Launch
}

/** How to serve on both bindings; what it opens is closed by what it gives back. */
export interface Serving {
  http(): Promise<{ readonly url: URL; close(): unknown }>
  stdio(socket: Socket): { close(): unknown }
}

export const servingOf = (receiver: Receiver): Serving => ({
  async http() {
    const listener = await listenHttp(receiver)
    return { url: listener.url, close: () => listener.close(0) }
  },
  stdio(socket) {
    const listener = listenStdio(receiver, { input: socket, output: socket })
    return { close: () => listener.close(0) }
  },
})

const relay = fileURLToPath(new URL('relay.mjs', import.meta.url))

/**
 * Serves on HTTP and stdio until all is closed. With `pin`, nothing but that revision is spoken there, for libraries
 * that cannot be told to.
 */
export async function doors(opened: Opened, serving: Serving, pin?: string): Promise<Doors> {
  const http = await serving.http()
  opened.add(() => http.close())
  const pinned = pin === undefined ? undefined : await speaking(pin, http.url)
  if (pinned !== undefined) opened.add(() => pinned[Symbol.asyncDispose]())
  const closers = new Set<() => unknown>()
  const sockets = createServer(socket => {
    socket.on('error', () => {})
    const served = serving.stdio(socket)
    closers.add(() => served.close())
  })
  sockets.listen(0, '127.0.0.1')
  await once(sockets, 'listening')
  opened.add(async () => {
    sockets.close()
    await Promise.all([...closers].map(close => close()))
  })
  const { port } = sockets.address() as AddressInfo // it listens on a port
  const args = [relay, String(port), ...(pin === undefined ? [] : [pin])]
  return { url: pinned?.url ?? http.url, launch: { command: process.execPath, args } }
}
