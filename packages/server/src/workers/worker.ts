import cluster from 'node:cluster'
import { rmSync } from 'node:fs'
import { join as joinPath } from 'node:path'
import type { ChangeBus } from '@interlock/protocol'
import type { Siblings } from '@interlock/transport/node'
import { StartError } from '../start-error.ts'
import { holderOf, join } from './membership.ts'
import { type FromWorker, isOurs, isShared, type Place, type ToWorker } from './messages.ts'
import { workerVariable } from './primary.ts'

/** This process as one of several. */
export interface Worker {
  readonly port: number
  readonly siblings: Siblings
  /** Settles when the process that started this one says that it is to end. */
  readonly toldToEnd: Promise<void>
  /** Says that its calls are over. Settles when those of the others are too. */
  drained(): Promise<void>
  /** Says that this one serves. */
  serves(url: URL): void
}

/** Whether this process was started as a worker by the same program. */
export function isWorker(): boolean {
  if (cluster.isPrimary) return false
  if (process.env[workerVariable] !== undefined) return true
  throw new StartError(
    2,
    'this process is a worker of its program already; leave out --workers, or start none yourself',
  )
}

/**
 * Takes this process's place among the workers.
 * @param count how many there are
 * @param changes the changes of what is served
 */
export async function becomeWorker(count: number, changes: ChangeBus | undefined): Promise<Worker> {
  delete process.env[workerVariable] // processes that this one starts are no workers
  const heard = new Heard()
  process.on('message', (message: unknown) => {
    if (!isOurs<ToWorker>(message)) return
    if (message.interlock === 'change') changes?.publish(message.change)
    else heard.hear(message)
  })
  say({ interlock: 'join' })
  const place = await heard.place
  // A terminal and some supervisors signal to all processes at once, but the one that started them says when to end.
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => {})
  const { number, folder, port } = place
  join({
    number,
    key: Buffer.from(place.key, 'base64'),
    changes,
    relay: change => isShared(change) && say({ interlock: 'change', change }),
  })
  // When the process that started this one is gone, so is whoever would clear up.
  process.once('exit', () => process.connected || rmSync(folder, { recursive: true, force: true }))
  const door = (of: number): string =>
    process.platform === 'win32' ? `\\\\.\\pipe\\${folder.replaceAll(/\W/g, '-')}-${of}` : joinPath(folder, String(of))
  return {
    port,
    toldToEnd: heard.stop.then(() => say({ interlock: 'stopping' })),
    drained() {
      say({ interlock: 'drained' })
      return heard.close
    },
    siblings: {
      door: door(number),
      doorOf(sessionId) {
        const holder = holderOf(sessionId)
        return holder === undefined || holder === number || holder < 1 || holder > count ? undefined : door(holder)
      },
    },
    serves: url => say({ interlock: 'serving', url: url.href }),
  }
}

/** What the process that started this one has said, once each. */
class Heard {
  readonly place: Promise<Place>
  readonly stop: Promise<void>
  readonly close: Promise<void>
  #onPlace: ((place: Place) => void) | undefined
  #onStop = (): void => {}
  #onClose = (): void => {}

  constructor() {
    this.place = new Promise(resolve => {
      this.#onPlace = resolve
    })
    this.stop = new Promise(resolve => {
      this.#onStop = resolve
    })
    this.close = new Promise(resolve => {
      this.#onClose = resolve
    })
  }

  hear(message: Exclude<ToWorker, { readonly interlock: 'change' }>): void {
    switch (message.interlock) {
      case 'place':
        return this.#onPlace?.(message.place)
      case 'stop':
        return this.#onStop()
      case 'close':
        return this.#onClose()
    }
  }
}

const say = (message: FromWorker): void => {
  // Without the other end this process ends by itself.
  if (process.connected) process.send?.(message, undefined, undefined, () => {})
}
