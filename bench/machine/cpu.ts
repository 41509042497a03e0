import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { cpus } from 'node:os'

/** What the operating system says of a process since its start, all its threads together. */
export interface Usage {
  readonly cpuNs: number
  /** Time in which the main thread could have run but something foreign held its core. */
  readonly waitedNs: number
}

/** CPU time of a process; undefined on systems without /proc. Throws nothing: a process that is gone has none. */
export function usage(pid: number): Usage | undefined {
  return fromSchedstat(pid) ?? fromStat(pid)
}

/** Exact to the nanosecond, but not every kernel is built with it. */
function fromSchedstat(pid: number): Usage | undefined {
  try {
    let cpuNs = 0
    let waitedNs = 0
    for (const thread of readdirSync(`/proc/${pid}/task`)) {
      const [ran = 0, waited = 0] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ').map(Number)
      cpuNs += ran
      // Pinned to one core, the main thread also waits for its own helpers; that is no disturbance.
      waitedNs += Number(thread) === pid ? waited : -ran
    }
    return { cpuNs, waitedNs }
  } catch {
    return undefined
  }
}

/** Hundredths of a second on every Linux: `USER_HZ` is part of the kernel's interface. */
const tickNs = 1e7

function fromStat(pid: number): Usage | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The second field is the name in parentheses and may hold anything; utime and stime are fields 14 and 15.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return { cpuNs: (Number(fields[11]) + Number(fields[12])) * tickNs, waitedNs: 0 }
  } catch {
    return undefined
  }
}

/** Cores for the measured process and for the load. */
export interface Cores {
  readonly server: string
  readonly load: string
}

/** Two cores of those that this process may use; undefined when there are not two, or no `taskset`. */
export function twoCores(): Cores | undefined {
  const shown = spawnSync('taskset', ['-cp', String(process.pid)], { encoding: 'utf8' })
  if (shown.status !== 0) return undefined
  const [server, load] = expand(shown.stdout.slice(shown.stdout.lastIndexOf(':') + 1))
  return server === undefined || load === undefined ? undefined : { server, load }
}

/** Keeps every thread of this process, the generator of load, on one core. */
export function pinLoad({ load }: Cores): void {
  spawnSync('taskset', ['-a', '-cp', load, String(process.pid)])
}

/** The command line that runs another on the measured core. */
export const pinned = (cores: Cores | undefined, command: readonly string[]): readonly string[] =>
  cores === undefined ? command : ['taskset', '-c', cores.server, ...command]

/** `0,2-4` as `['0', '2', '3', '4']`. */
export function expand(list: string): string[] {
  return list
    .trim()
    .split(',')
    .flatMap(range => {
      const [first = NaN, last = first] = range.split('-').map(Number)
      return Array.from({ length: last - first + 1 }, (_, step) => String(first + step))
    })
}

/** For the head of a table: what the figures were measured on. */
export const describeMachine = (): string =>
  `Node ${process.version}, ${process.platform} ${process.arch}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}`
