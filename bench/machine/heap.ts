import { readFileSync } from 'node:fs'
import type { Running } from './program.ts'

/** What a process holds after full collections, in bytes, but for `handles`. */
export interface Heap {
  readonly heapUsed: number
  readonly external: number
  readonly rss: number
  /** Sockets, timers and the like that are open. */
  readonly handles: number
}

/** For the `node` of a contestant whose heap is asked for. */
export const heapFlags: readonly string[] = [
  '--expose-gc',
  `--import=${new URL('../contestants/report-heap.js', import.meta.url).href}`,
]

/** Time for a contestant to collect its garbage and say what is left. */
const answerMs = 30_000

/**
 * Asks a contestant that was started with `heapFlags`. Undefined on Windows, which has no signals.
 *
 * @throws {Error} when it says nothing
 */
export function heapOf({ child, pid }: Running): Promise<Heap | undefined> {
  if (process.platform === 'win32') return Promise.resolve(undefined)
  return new Promise((resolve, reject) => {
    let said = ''
    const stop = (): void => {
      clearTimeout(timer)
      child.stderr.off('data', hear)
    }
    const timer = setTimeout(() => {
      stop()
      reject(new Error(`process ${pid} did not tell its heap within ${answerMs} ms`))
    }, answerMs)
    const hear = (text: string): void => {
      said = (said + text).slice(-4_000)
      const found = readHeap(said)
      if (found === undefined) return
      stop()
      resolve(found)
    }
    child.stderr.on('data', hear)
    process.kill(pid, 'SIGUSR2')
  })
}

/** Reads what the preload said; undefined while it has not come whole. */
export function readHeap(said: string): Heap | undefined {
  const text = /\nheap (\{.*\})\n/.exec(said)?.[1]
  return text === undefined ? undefined : JSON.parse(text)
}

/** Bytes that a process holds in memory now, garbage and all; undefined on systems without /proc. */
export function residentBytes(pid: number): number | undefined {
  try {
    const kilobytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024
  } catch {
    return undefined
  }
}
