import type { Driver } from '../load/drive.ts'
import { type Lane, undisturbed, type Window } from '../load/turns.ts'
import { usage } from '../machine/cpu.ts'
import { median } from '../table.ts'
import { upstreamScript } from './contestants.ts'
import { descendants } from './processes.ts'

/** Everything that a gateway has started counts; the CPU time of the upstream is taken besides. */
export function laneOf(pid: number, driver: Driver): Lane {
  const started = descendants(pid)
  const upstream = started.find(({ command }) => command.includes(upstreamScript) && !/^\S*sh\b/.test(command))
  const pids = [pid, ...started.map(child => child.pid)]
  return { pids, driver: upstream === undefined ? driver : apart(driver, upstream.pid) }
}

/** The same load, with the CPU time of one process of those that work for it. */
const apart = (driver: Driver, pid: number): Driver => ({
  async open() {
    const loop = await driver.open()
    return {
      async run(ms) {
        const before = usage(pid)
        const load = await loop.run(ms)
        const after = usage(pid)
        return before && after ? { ...load, upstreamNs: after.cpuNs - before.cpuNs } : load
      },
      close: () => loop.close(),
    }
  },
})

/** What the windows of one gateway say. */
export interface GatewayFigures {
  readonly p50Ms: number | undefined
  /** Of all its processes. */
  readonly cpuMicroseconds: number | undefined
  /** Without the upstream. */
  readonly ownMicroseconds: number | undefined
  readonly callsPerSecond: number
  readonly wrong: number
  readonly firstWrong: string | undefined
}

/** @param windows of load; their latencies count unless there are `alone`, windows of one call after the other */
export function gatewayFigures(windows: readonly Window[], alone: readonly Window[] = windows): GatewayFigures {
  const kept = undisturbed(windows)
  const perCall = (of: (window: Window & { readonly upstreamNs?: number }) => number | undefined): number | undefined =>
    medianOf(kept.map(window => (of(window) ?? NaN) / 1_000 / window.calls))
  const all = alone === windows ? windows : [...windows, ...alone]
  return {
    p50Ms: medianOf(undisturbed(alone).map(({ p50Ms = NaN }) => p50Ms)),
    cpuMicroseconds: perCall(({ cpuNs }) => cpuNs),
    ownMicroseconds: perCall(({ cpuNs, upstreamNs = 0 }) => cpuNs && cpuNs - upstreamNs),
    callsPerSecond: median(kept.map(({ calls, ms }) => (calls / ms) * 1_000)),
    wrong: all.reduce((sum, { wrong }) => sum + wrong, 0),
    firstWrong: all.find(({ firstWrong }) => firstWrong !== undefined)?.firstWrong,
  }
}

function medianOf(values: readonly number[]): number | undefined {
  const known = values.filter(value => !Number.isNaN(value))
  return known.length === 0 ? undefined : median(known)
}
