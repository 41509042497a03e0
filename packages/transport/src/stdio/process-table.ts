import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'

/** One process of this machine, as far as we may see it. */
export interface ProcessRow {
  readonly pid: number
  readonly parent: number
  readonly group: number
  /** When it started, in a unit of the system's own: with the pid it tells a process from a later one of that number. */
  readonly started: number
  /** Whether it has ended and only waits to be collected by its parent. */
  readonly ended: boolean
  /** The value of one of its environment variables, where the system shows it (Linux), else undefined. */
  variable(name: string): string | undefined
}

/**
 * All processes: from /proc where there is one, else as `ps` prints them, else none (Windows). Those who ask in the same
 * turn share one reading, since a gateway stops many servers at once and a row costs about 30 µs.
 */
export function processTable(): Promise<readonly ProcessRow[]> {
  reading ??= new Promise(resolve => {
    setImmediate(() => {
      reading = undefined
      resolve(hasProc ? procTable() : process.platform === 'win32' ? [] : psTable())
    })
  })
  return reading
}

/** When this process started, or undefined if it does not exist or the system does not say cheaply. */
export function startedAt(pid: number): number | undefined {
  return hasProc ? procRow(pid)?.started : undefined
}

/** Whether the process of this row is still running, as opposed to ended, or replaced by another of its number. */
export function isRunning({ pid, started }: Pick<ProcessRow, 'pid' | 'started'>): boolean {
  if (hasProc) {
    const row = procRow(pid)
    return row !== undefined && row.started === started && !row.ended
  }
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

let reading: Promise<readonly ProcessRow[]> | undefined
const hasProc: boolean = process.platform === 'linux' && existsSync('/proc/self/stat')

function procTable(): ProcessRow[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .map(name => procRow(Number(name)))
    .filter(row => row !== undefined)
}

/** Fields are counted from behind the program's name, which may hold blanks and parentheses. See proc_pid_stat(5). */
function procRow(pid: number): ProcessRow | undefined {
  const stat = readProc(`/proc/${pid}/stat`)
  if (stat === undefined) return undefined
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return {
    pid,
    parent: Number(fields[1]),
    group: Number(fields[2]),
    started: Number(fields[19]),
    ended: fields[0] === 'Z' || fields[0] === 'X',
    variable: name => variableIn(readProc(`/proc/${pid}/environ`) ?? '', name),
  }
}

function variableIn(environ: string, name: string): string | undefined {
  const prefix = `${name}=`
  return environ
    .split('\0')
    .find(entry => entry.startsWith(prefix))
    ?.slice(prefix.length)
}

/** Undefined when the process ended meanwhile or is somebody else's. */
function readProc(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return undefined
  }
}

function psTable(): Promise<ProcessRow[]> {
  return new Promise(resolve => {
    const options = { env: { ...process.env, LC_ALL: 'C' }, maxBuffer: 16 * 1024 * 1024 }
    execFile('ps', ['-A', '-o', 'pid=,ppid=,pgid=,stat=,lstart='], options, (_, output) => resolve(parsePs(output)))
  })
}

/** Reads lines of process, parent and group id, state and start time, as `ps` prints them for `psTable`. */
export function parsePs(output: string): ProcessRow[] {
  return [...output.matchAll(/^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(.+)$/gm)].map(
    ([, pid, parent, group, state = '', started = '']) => ({
      pid: Number(pid),
      parent: Number(parent),
      group: Number(group),
      started: Date.parse(started) || 0,
      ended: state.startsWith('Z'),
      variable: () => undefined,
    }),
  )
}
