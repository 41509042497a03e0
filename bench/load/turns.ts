import { type Usage, usage } from '../machine/cpu.ts'
import { median, type Table } from '../table.ts'
import type { Driver, Load } from './drive.ts'

/** One stretch of calls to one contestant. */
export interface Window extends Load {
  /** CPU time of the contestant, from the operating system; undefined where that cannot be told. */
  readonly cpuNs: number | undefined
  /** Share of the window in which the contestant or the load waited for a core that others held. */
  readonly disturbed: number
}

/** A contestant that is ready to be called. */
export interface Lane {
  /** Processes whose CPU time counts. */
  readonly pids: readonly number[]
  readonly driver: Driver
}

export interface TurnOptions {
  readonly rounds: number
  /** Length of a window. */
  readonly ms: number
}

/** Share of a window spent waiting for a core above which its figures say more about the neighbours. */
const disturbedShare = 0.08

/** Undisturbed windows wanted of each contestant: enough for a median that one odd window does not move. */
const wanted = 5

/** On a busy machine a run goes on for up to this many times its rounds, to come by windows that were not disturbed. */
const patience = 3

const isClean = ({ disturbed }: Pick<Window, 'disturbed'>): boolean => disturbed <= disturbedShare

/** Calls and time after which a contestant counts as warm: the compilers have seen all its code often, and had time. */
const warm = { calls: 10_000, ms: 1_000 }

export async function warmUp(lane: Lane, longestMs: number): Promise<void> {
  let calls = 0
  let ms = 0
  while (ms < longestMs && (calls < warm.calls || ms < warm.ms)) {
    const stretch = await observe(lane, Math.min(500, longestMs))
    calls += stretch.calls
    ms += stretch.ms
  }
}

/**
 * Calls warm contestants in turns: each round has a window of every one, so that whatever changes on the machine
 * meanwhile changes for all of them. The windows of each, in the order of the lanes.
 */
export async function takeTurns(lanes: readonly Lane[], { rounds, ms }: TurnOptions): Promise<Window[][]> {
  const found = lanes.map((lane): { lane: Lane; windows: Window[] } => ({ lane, windows: [] }))
  const lacksClean = (): boolean =>
    found.some(({ windows }) => windows.filter(isClean).length < Math.min(wanted, rounds))
  for (let round = 0; round < rounds || (round < patience * rounds && lacksClean()); round += 1) {
    // Another one goes first each time, so that nobody always follows the same neighbour's garbage.
    const first = round % found.length
    for (const { lane, windows } of [...found.slice(first), ...found.slice(0, first)]) {
      windows.push(await observe(lane, ms))
    }
  }
  return found.map(({ windows }) => windows)
}

async function observe({ pids, driver }: Lane, ms: number): Promise<Window> {
  const loop = await driver.open()
  try {
    const before = { server: total(pids), load: usage(process.pid) }
    const load = await loop.run(ms)
    const after = { server: total(pids), load: usage(process.pid) }
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

/** Several processes on one core also wait for each other, which is no disturbance: theirs is not counted. */
function total(pids: readonly number[]): Usage | undefined {
  const all = pids.map(usage)
  const known = all.filter(found => found !== undefined)
  if (known.length < all.length) return undefined
  const waitedNs = known.length === 1 ? (known[0]?.waitedNs ?? 0) : 0
  return { cpuNs: known.reduce((sum, { cpuNs }) => sum + cpuNs, 0), waitedNs }
}

const waited = (before: Usage | undefined, after: Usage | undefined): number =>
  before === undefined || after === undefined ? 0 : Math.max(0, after.waitedNs - before.waitedNs)

/** Fewer undisturbed windows than this are no base for a median. */
const fewest = 3

/** The windows that were not disturbed; where there are hardly any, the less disturbed half. */
export function undisturbed<Some extends Pick<Window, 'disturbed'>>(windows: readonly Some[]): Some[] {
  const sorted = [...windows].sort((one, other) => one.disturbed - other.disturbed)
  const clean = sorted.filter(isClean)
  return clean.length >= fewest ? clean : sorted.slice(0, Math.max(fewest, Math.ceil(sorted.length / 2)))
}

/** What the windows of one contestant say: medians over those that were not disturbed. */
export interface Figures {
  /** Undefined where the operating system does not tell CPU times. */
  readonly cpuMicroseconds: number | undefined
  readonly callsPerSecond: number
  /** Median share of the windows that count, for example `2 %`. */
  readonly disturbed: string
  /** How many windows count, of how many. */
  readonly kept: string
  readonly wrong: number
  readonly firstWrong: string | undefined
}

export function figures(windows: readonly Window[]): Figures {
  const kept = undisturbed(windows)
  const cpu = kept.flatMap(({ cpuNs, calls }) => (cpuNs === undefined ? [] : [cpuNs / 1_000 / calls]))
  return {
    cpuMicroseconds: cpu.length === 0 ? undefined : median(cpu),
    callsPerSecond: median(kept.map(({ calls, ms }) => (calls / ms) * 1_000)),
    disturbed: `${(median(kept.map(({ disturbed }) => disturbed)) * 100).toFixed(0)} %`,
    kept: `${kept.length} of ${windows.length}`,
    wrong: windows.reduce((sum, { wrong }) => sum + wrong, 0),
    firstWrong: windows.find(({ firstWrong }) => firstWrong !== undefined)?.firstWrong,
  }
}

interface Wrong {
  readonly name: string
  readonly wrong?: number
  readonly firstWrong?: string | undefined
}

/** What fails a run: the first contestant with a wrong answer. */
export function wrongOf(found: readonly Wrong[]): Pick<Table, 'wrong'> {
  const bad = found.find(({ wrong = 0 }) => wrong > 0)
  return bad === undefined ? {} : { wrong: `a wrong answer with ${bad.name}: ${bad.firstWrong}` }
}
