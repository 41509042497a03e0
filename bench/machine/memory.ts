import { readFileSync, writeFileSync } from 'node:fs'

/** Bytes of a process that are in memory, now and at most since the peak was forgotten. */
export interface Memory {
  readonly bytes: number
  readonly peakBytes: number
}

/** Undefined on systems without /proc, and for a process that is gone. */
export function memory(pid: number): Memory | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    const bytes = kilobytes(status, 'VmRSS')
    const peakBytes = kilobytes(status, 'VmHWM')
    return bytes === undefined || peakBytes === undefined ? undefined : { bytes, peakBytes }
  } catch {
    return undefined
  }
}

/** Lets a process's peak start again from what it has now, where the operating system can. */
export function forgetPeak(pid: number): void {
  try {
    writeFileSync(`/proc/${pid}/clear_refs`, '5')
  } catch {
    // Then the peak is that since the process began, which is never lower.
  }
}

/** Bytes of a line such as `VmHWM:     61236 kB`. */
export function kilobytes(status: string, name: string): number | undefined {
  const found = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]
  return found === undefined ? undefined : Number(found) * 1024
}
