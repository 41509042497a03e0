import { randomBytes } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** Whether processes can be found by their environment here. */
export const canFindProcesses: boolean = existsSync('/proc/self/environ')

/** What stands in the environment of every process that a test starts, however indirectly, and of no other. */
export interface Marker {
  /** To be given to what is started; servers pass it on, since the transport adds to this variable. */
  readonly env: { readonly INTERLOCK_TREE: string }
  /** The processes that run now. */
  running(): readonly number[]
  /** Waits until none runs, for at most `ms`; gives those that still do. */
  left(ms: number): Promise<readonly number[]>
  /** Waits until `count` run; gives them. Rejects after `ms`. */
  several(count: number, ms?: number): Promise<readonly number[]>
  /** Ends what a failed test left behind. */
  sweep(): void
}

export function marker(): Marker {
  const value = `test-${randomBytes(8).toString('hex')}`
  const running = (): number[] =>
    canFindProcesses
      ? readdirSync('/proc')
          .filter(name => /^\d+$/.test(name) && Number(name) !== process.pid)
          .filter(name => read(`/proc/${name}/environ`).includes(value) && !isZombie(name))
          .map(Number)
      : []
  return {
    env: { INTERLOCK_TREE: value },
    running,
    async left(ms) {
      for (const deadline = performance.now() + ms; ; await sleep(25)) {
        const pids = running()
        if (pids.length === 0 || performance.now() > deadline) return pids
      }
    },
    async several(count, ms = 10_000) {
      for (const deadline = performance.now() + ms; performance.now() < deadline; await sleep(25)) {
        const pids = running()
        if (pids.length >= count) return pids
      }
      throw new Error(`fewer than ${count} processes run after ${ms} ms`)
    },
    sweep() {
      for (const pid of running()) {
        try {
          process.kill(pid, 'SIGKILL')
        } catch {} // it is gone already
      }
    },
  }
}

const isZombie = (pid: string): boolean => / [ZX] /.test(read(`/proc/${pid}/stat`).replace(/^.*\)/s, ''))

/** Empty when the process has ended meanwhile or is somebody else's. */
function read(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}
