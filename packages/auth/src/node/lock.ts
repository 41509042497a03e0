import { randomUUID } from 'node:crypto'
import { linkSync, readFileSync, readlinkSync, statSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { performance } from 'node:perf_hooks'
import { setTimeout as delay } from 'node:timers/promises'
import { turns } from '../client/turns.ts'
import { codeOf, StoreError } from './store-error.ts'

export interface LockLimits {
  /** Longest wait for the lock. Each of 20 waiters may have one request to a slow server to make before one's own turn. */
  readonly waitMs: number
  /** A lock without a sign of life for this long is taken over. Ten missed beats: a loaded machine misses a few. */
  readonly staleMs: number
}

export const lockLimits: LockLimits = { waitMs: 120_000, staleMs: 10_000 }

/** Within the process, calls queue in order, so each process is one contender for the file. */
const inTurn = turns()

/**
 * Runs work while no other process that uses the same lock file runs its own. The file names its holder and is touched
 * while work goes on. It is taken over when its process has ended, or, where that can't be told (another container or
 * machine, a process id given out anew), when it was not touched for `staleMs` by the waiter's own clock. A process
 * that is stopped for longer than that while it holds a lock may find that another one went on in its place.
 * @throws StoreError when the lock is not had in time; the signal's reason when it is aborted before that
 */
export function withLock<T>(
  path: string,
  work: () => Promise<T>,
  limits: Partial<LockLimits> = {},
  signal?: AbortSignal,
): Promise<T> {
  const effective = { ...lockLimits, ...limits }
  return inTurn(path, async () => {
    const token = await acquire(path, effective, signal)
    const beat = setInterval(touch, effective.staleMs / 10, path, token)
    beat.unref()
    try {
      return await work()
    } finally {
      clearInterval(beat)
      removeIf(path, token)
    }
  })
}

interface Holder {
  readonly token: string
  readonly pid: number
  /** Where `pid` means something: the host, and on Linux its namespace of process ids. */
  readonly place: string
}

async function acquire(path: string, { waitMs, staleMs }: LockLimits, signal?: AbortSignal): Promise<string> {
  const token = randomUUID()
  const content = JSON.stringify({ token, pid: process.pid, place: place() } satisfies Holder)
  const started = performance.now()
  let seen = { sign: '', sinceMs: started }
  for (;;) {
    signal?.throwIfAborted()
    const sign = signOfLife(path)
    if (sign === '' && isTaken(path, token, content)) return token
    const now = performance.now()
    if (sign !== seen.sign) seen = { sign, sinceMs: now }
    if (sign !== '' && (now - seen.sinceMs > staleMs || hasEnded(path))) takeAway(path, sign, staleMs)
    if (now - started > waitMs) throw new StoreError(busy(path, waitMs))
    await delay(5 + Math.random() * 20)
  }
}

/** Takes the lock, with its content, in one step: a file made first and written then would be seen empty. */
function isTaken(path: string, token: string, content: string): boolean {
  const candidate = `${path}.${token}`
  writeFileSync(candidate, content, { mode: 0o600 })
  try {
    linkSync(candidate, path)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    if (noLinks.has(codeOf(error))) return isWritten(path, content)
    throw error
  } finally {
    unlinkSync(candidate)
  }
}

/** Of file systems without hard links, as of memory cards and some network shares. */
const noLinks: ReadonlySet<unknown> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'])

/** In two steps: who reads the lock between them sees one whose holder is not known, and waits. */
function isWritten(path: string, content: string): boolean {
  try {
    writeFileSync(path, content, { flag: 'wx', mode: 0o600 })
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  }
}

function busy(path: string, waitMs: number): string {
  const pid = holder(path)?.pid
  const who = pid === undefined ? 'another process' : `the process ${pid}`
  return `${who} has held ${path} for ${waitMs / 1000} s; end it, or remove that file if it is no process of Interlock`
}

/** Changes whenever the holder changes or shows that it lives; empty: nobody holds the lock now. */
function signOfLife(path: string): string {
  try {
    return `${readFileSync(path, 'utf8')} ${statSync(path).mtimeMs}`
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return ''
    throw error
  }
}

function hasEnded(path: string): boolean {
  const held = holder(path)
  if (held === undefined || held.place !== place()) return false
  try {
    process.kill(held.pid, 0)
    return false
  } catch (error) {
    return codeOf(error) === 'ESRCH'
  }
}

/**
 * Removes the lock of a holder that is gone. Only one waiter does so at a time, and only while the lock is the one that
 * was judged; else a slow waiter would remove the lock of the next holder. All of it is one uninterrupted step.
 */
function takeAway(path: string, sign: string, staleMs: number): void {
  const guard = `${path}.takeover`
  try {
    writeFileSync(guard, '', { flag: 'wx', mode: 0o600 })
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
    dropOldGuard(guard, staleMs)
    return
  }
  try {
    if (signOfLife(path) === sign) unlinkSync(path)
  } finally {
    unlinkSync(guard)
  }
}

/** A guard is held for less than a millisecond: one that is old was left by a crash in that moment. */
function dropOldGuard(guard: string, staleMs: number): void {
  try {
    if (Date.now() - statSync(guard).mtimeMs > staleMs) unlinkSync(guard)
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error
  }
}

/** A missed beat only brings the takeover nearer, so failing to touch the file is no reason to end the work. */
function touch(path: string, token: string): void {
  try {
    const now = new Date()
    if (holder(path)?.token === token) utimesSync(path, now, now)
  } catch {}
}

function removeIf(path: string, token: string): void {
  try {
    if (holder(path)?.token === token) unlinkSync(path)
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error
  }
}

/** Who holds the lock; `undefined` when nobody does, or the file is not one of ours. */
function holder(path: string): Holder | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'))
    return isHolder(value) ? value : undefined
  } catch {
    return undefined
  }
}

const isHolder = (value: unknown): value is Holder =>
  typeof value === 'object' &&
  value !== null &&
  'token' in value &&
  typeof value.token === 'string' &&
  'pid' in value &&
  Number.isSafeInteger(value.pid) &&
  'place' in value &&
  typeof value.place === 'string'

let knownPlace: string | undefined

function place(): string {
  knownPlace ??= `${hostname()} ${processNamespace()}`
  return knownPlace
}

function processNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid')
  } catch {
    return process.platform
  }
}
