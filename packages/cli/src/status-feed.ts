import type { ServerStatus } from '@interlock/gateway'
import { type Io, paint, print } from './io.ts'
import { statusLines } from './status-lines.ts'

/** A server that is up sooner is not told of as starting. */
const patienceMs = 2_000

/** Tells a person what becomes of the servers of a running gateway, one line when something changes. */
export class StatusFeed {
  readonly #io: Io
  readonly #told = new Map<string, string>()
  readonly #starting = new Map<string, ServerStatus>()
  #width = 0
  #isOpen = false
  #patience: NodeJS.Timeout | undefined

  constructor(io: Io) {
    this.#io = io
  }

  /** Tells how things stand, and from now on what changes. */
  open(servers: readonly ServerStatus[]): void {
    this.#isOpen = true
    this.#width = Math.max(0, ...servers.map(({ name }) => name.length))
    for (const server of servers) this.take(server)
    this.#patience = setTimeout(() => {
      for (const server of this.#starting.values()) this.#tell(server)
    }, patienceMs)
  }

  close(): void {
    this.#isOpen = false
    clearTimeout(this.#patience)
  }

  take(server: ServerStatus): void {
    if (!this.#isOpen) return
    if (server.state !== 'starting') {
      this.#starting.delete(server.name)
      this.#tell(server)
    } else if (!this.#told.has(server.name)) {
      // One that is tried again is told of when that has come to something.
      this.#starting.set(server.name, server)
    }
  }

  #tell(server: ServerStatus): void {
    const lines = statusLines([{ ...server, name: server.name.padEnd(this.#width) }], paint(this.#io))
    const text = lines.map(line => `  ${line}`).join('\n')
    if (this.#told.get(server.name) === text) return
    this.#told.set(server.name, text)
    print(this.#io, text)
  }
}
