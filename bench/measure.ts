import { type Running, start } from './contestant-process.ts'
import type { Contestant } from './contestants.ts'
import { type Cores, type Usage, usage } from './cpu.ts'
import type { Driver, Load } from './drive.ts'
import { driveHttp } from './drive-http.ts'
import { driveStdio } from './drive-stdio.ts'
import type { Scenario } from './scenarios.ts'

export interface MeasureOptions {
  readonly cores: Cores | undefined
  /** Windows of each contestant. */
  readonly rounds: number
  /** Length of a window. */
  readonly ms: number
  readonly warmMs: number
  /** For the contestants' `node`. */
  readonly flags: readonly string[]
}

/** One stretch of calls to one contestant. */
export interface Window extends Load {
  /** CPU time of the contestant, from the operating system; undefined where that cannot be told. */
  readonly cpuNs: number | undefined
  /** Share of the window in which the contestant or the load waited for a core that others held. */
  readonly disturbed: number
}

export interface Measured {
  readonly contestant: Contestant
  readonly windows: readonly Window[]
}

/** Share of a window spent waiting for a core above which its figures say more about the neighbours. */
const disturbedShare = 0.08

/** Undisturbed windows wanted of each contestant: enough for a median that one odd window does not move. */
const wanted = 5

/** On a busy machine a run goes on for up to this many times its rounds, to come by windows that were not disturbed. */
const patience = 3

export const isClean = ({ disturbed }: Window): boolean => disturbed <= disturbedShare

const lacksClean = (lanes: readonly { readonly windows: readonly Window[] }[], rounds: number): boolean =>
  lanes.some(({ windows }) => windows.filter(isClean).length < Math.min(wanted, rounds))

/** Calls and time after which a contestant counts as warm: the compilers have seen all its code often, and had time. */
const warm = { calls: 10_000, ms: 1_000 }

/**
 * Measures the contestants of one scenario in turns: each round has a window of every one, so that whatever changes on
 * the machine meanwhile changes for all of them. All are started and warmed up before the first window.
 */
export async function measure({ contestants, workload }: Scenario, options: MeasureOptions): Promise<Measured[]> {
  const lanes: { contestant: Contestant; running: Running; driver: Driver; windows: Window[] }[] = []
  const started: Running[] = []
  try {
    for (const contestant of contestants) {
      const running = await start(contestant, options.cores, options.flags)
      started.push(running)
      const driver = await drive(running, contestant, workload)
      await warmUp(running, driver, options.warmMs)
      lanes.push({ contestant, running, driver, windows: [] })
    }
    const { rounds } = options
    for (let round = 0; round < rounds || (round < patience * rounds && lacksClean(lanes, rounds)); round += 1) {
      // Another one goes first each time, so that nobody always follows the same neighbour's garbage.
      const first = round % lanes.length
      for (const lane of [...lanes.slice(first), ...lanes.slice(0, first)]) {
        lane.windows.push(await observe(lane.running, lane.driver, options.ms))
      }
    }
  } finally {
    await Promise.all(started.map(running => running.stop()))
  }
  return lanes.map(({ contestant, windows }) => ({ contestant, windows }))
}

function drive({ child, url }: Running, { era }: Contestant, workload: Scenario['workload']): Promise<Driver> {
  return url === undefined ? driveStdio(child, era, workload) : driveHttp(url, era, workload)
}

async function warmUp(running: Running, driver: Driver, longestMs: number): Promise<void> {
  let calls = 0
  let ms = 0
  while (ms < longestMs && (calls < warm.calls || ms < warm.ms)) {
    const stretch = await observe(running, driver, Math.min(500, longestMs))
    calls += stretch.calls
    ms += stretch.ms
  }
}

async function observe({ pid }: Running, driver: Driver, ms: number): Promise<Window> {
  const loop = await driver.open()
  try {
    const before = { server: usage(pid), load: usage(process.pid) }
    const load = await loop.run(ms)
    const after = { server: usage(pid), load: usage(process.pid) }
    const waitedNs = waited(before.server, after.server) + waited(before.load, after.load)
    return {
      ...load,
      cpuNs: before.server && after.server && after.server.cpuNs - before.server.cpuNs,
      disturbed: waitedNs / (load.ms * 1e6),
    }
  } finally {
    loop.close()
  }
}

const waited = (before: Usage | undefined, after: Usage | undefined): number =>
  before === undefined || after === undefined ? 0 : Math.max(0, after.waitedNs - before.waitedNs)
