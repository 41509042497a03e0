import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { isRunning, type ProcessRow, processTable, startedAt } from './process-table.ts'

/** Names, in the environment of every process below us, the trees it belongs to, the outermost first, joined by colons. */
export const treeVariable = 'INTERLOCK_TREE'

/** Stands in the tree variable of every process started, however indirectly, by this one, and of no other. */
export const hostMarker: string = randomBytes(16).toString('hex')

let trees = 0

/** A marker for one tree of ours, and the value of the tree variable that puts it there. */
export function newTreeMarker(): { marker: string; value: string } {
  const marker = `${hostMarker}.${++trees}`
  // What already stands there belongs to a host above us, which has to find our servers as well.
  const outer = process.env[treeVariable]
  return { marker, value: outer ? `${outer}:${marker}` : marker }
}

/**
 * A process that we started as leader of its own group, and all that came of it: its group, the children of what belongs
 * to it, and, on Linux, whatever carries its marker in the environment, which is how those are found that left the group
 * and lost their parent. On macOS the latter are found if they were seen before, by an earlier `refresh`. On Windows
 * the tree is ended through its root, so what outlives the root is not found.
 */
export class ProcessTree {
  readonly root: number
  readonly #marker: string
  readonly #rootStarted: number | undefined
  #rootReaped = false
  #members: readonly ProcessRow[] = []

  constructor(root: number, marker: string) {
    if (!(root > 1)) throw new TypeError(`the root of a process tree cannot be process ${root}`)
    this.root = root
    this.#marker = marker
    this.#rootStarted = startedAt(root)
  }

  /** When the root started, where the system says so. */
  get rootStarted(): number | undefined {
    return this.#rootStarted
  }

  /** To be called when the root's exit was reported: from then on its number may come to mean another process. */
  rootReaped(): void {
    this.#rootReaped = true
  }

  /** Looks for the processes of the tree; says whether there are any. */
  async refresh(): Promise<boolean> {
    if (process.platform === 'win32') return !this.#rootReaped
    this.#members = this.#find(await processTable())
    return this.#members.length > 0
  }

  /** Signals what the last `refresh` found and still runs. On Windows any signal ends the tree by force. */
  signal(signal: 'SIGTERM' | 'SIGKILL'): void {
    if (process.platform === 'win32') {
      if (!this.#rootReaped) execFile('taskkill', ['/PID', String(this.root), '/T', '/F'], () => {})
      return
    }
    const running = this.#members.filter(isRunning)
    // The group as a whole, so that a process which forks at this moment does not slip through.
    if (running.some(({ group }) => group === this.root)) send(-this.root, signal)
    for (const { pid, group } of running) if (group !== this.root) send(pid, signal)
  }

  /** Waits until nothing of the tree runs any more, or the time is over; says which. */
  async gone(withinMs: number): Promise<boolean> {
    const deadline = performance.now() + withinMs
    for (let pauseMs = 5; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
      if (!this.#members.some(isRunning) && !(await this.refresh())) return true
      const leftMs = deadline - performance.now()
      if (leftMs <= 0) return false
      await sleep(Math.min(pauseMs, leftMs))
    }
  }

  /** Asks the tree to end, and ends it by force after `termMs`; says whether nothing is left. Never rejects. */
  async end(termMs: number): Promise<boolean> {
    if (!(await this.refresh())) return true
    this.signal('SIGTERM')
    if (await this.gone(termMs)) return true
    for (const deadline = performance.now() + killMs; performance.now() < deadline; ) {
      this.signal('SIGKILL')
      if (await this.gone(killAgainMs)) return true
      await this.refresh()
    }
    return false
  }

  #find(table: readonly ProcessRow[]): ProcessRow[] {
    const known = new Map(this.#members.map(({ pid, started }) => [pid, started]))
    const candidates = table.filter(row => this.#mayBelong(row))
    // A group cannot be ours once its number is that of a process which is not.
    const ownsGroup = !this.#rootReaped || !table.some(({ pid }) => pid === this.root)
    const found = new Map(
      candidates
        .filter(
          row =>
            (row.pid === this.root && !this.#rootReaped) ||
            (row.group === this.root && ownsGroup) ||
            known.get(row.pid) === row.started ||
            this.#isMarked(row),
        )
        .map(row => [row.pid, row]),
    )
    for (let size = 0; size !== found.size; ) {
      size = found.size
      for (const row of candidates) if (found.has(row.parent)) found.set(row.pid, row)
    }
    return [...found.values()]
  }

  /** Neither the first process nor ourselves, nor anything that is older than the root. */
  #mayBelong({ pid, started, ended }: ProcessRow): boolean {
    return pid > 1 && pid !== process.pid && !ended && started >= (this.#rootStarted ?? started)
  }

  #isMarked(row: ProcessRow): boolean {
    return row.variable(treeVariable)?.split(':').includes(this.#marker) ?? false
  }
}

/** Longest time between two looks at processes that are about to end. */
const longestPauseMs = 50

/** Time for a forced end to take effect before it is repeated on what was forked meanwhile. */
const killAgainMs = 100

/** A process that outlives SIGKILL this long hangs in the kernel or belongs to another user; waiting does not help. */
const killMs = 5_000

/** A process that is already gone, or that we may not signal, is not an error here: `gone` tells. */
function send(target: number, signal: NodeJS.Signals): void {
  try {
    process.kill(target, signal)
  } catch {}
}
