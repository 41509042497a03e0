import { type Era, versions } from '../load/messages.ts'
import { type Lane, takeTurns, warmUp, wrongOf } from '../load/turns.ts'
import type { RunOptions } from '../section.ts'
import { ratio, type Table, type TableRow } from '../table.ts'
import { type Contestant, contestants, direct } from './contestants.ts'
import { type GatewayFigures, gatewayFigures, laneOf } from './figures.ts'
import { residentMb } from './processes.ts'
import { type Ready, ready } from './start.ts'

export const fronts: readonly Era[] = ['modern', 'legacy']

/** What calling `add` costs through each gateway, and directly. */
export async function tax(front: Era, options: RunOptions): Promise<Table> {
  const chosen = contestants.filter(
    contestant => contestant.front === front && (contestant.name === direct || contestant.name.includes(options.only)),
  )
  const started: Ready[] = []
  const lanes: Lane[] = []
  const failures = new Map<Contestant, string>()
  try {
    for (const contestant of chosen) {
      try {
        const one = await ready(contestant, options)
        started.push(one)
        const [alone, loaded] = lanesOf(one)
        await warmUp(loaded, contestant.isSlow ? Math.min(options.warmMs, slowWarmMs) : options.warmMs)
        lanes.push(alone, loaded)
      } catch (error) {
        failures.set(contestant, reasonOf(error))
      }
    }
    const windows = await takeTurns(lanes, options)
    let next = 0
    const measured = chosen.map((contestant): Measured => {
      if (failures.has(contestant)) return { contestant }
      const at = next++
      const figures = gatewayFigures(windows[2 * at + 1] ?? [], windows[2 * at])
      return { contestant, figures, residentMb: residentMb(started[at]?.running.pid ?? 0) }
    })
    return report(front, measured, failures)
  } finally {
    await Promise.all(started.map(each => each.stop()))
  }
}

/** Nothing gets warm where each call starts a process. */
const slowWarmMs = 1_000

/** One for latency, one for load. */
const lanesOf = ({ running: { pid }, one, many }: Ready): readonly [Lane, Lane] => [laneOf(pid, one), laneOf(pid, many)]

interface Measured {
  readonly contestant: Contestant
  readonly figures?: GatewayFigures
  readonly residentMb?: number | undefined
}

function report(front: Era, measured: readonly Measured[], failures: ReadonlyMap<Contestant, string>): Table {
  const base = measured.find(({ contestant }) => contestant.name === direct)?.figures
  const rows = measured.map(
    ({ contestant: { name }, figures, residentMb: memory }): TableRow => ({
      contestant: name,
      p50Ms: figures?.p50Ms,
      addedMs: figures?.p50Ms && base?.p50Ms && figures.p50Ms - base.p50Ms,
      ownRatio: ratio(figures?.ownMicroseconds, base?.cpuMicroseconds),
      cpuRatio: ratio(figures?.cpuMicroseconds, base?.cpuMicroseconds),
      cpuMicroseconds: figures?.cpuMicroseconds,
      callsPerSecond: figures?.callsPerSecond,
      residentMb: memory,
      wrong: figures?.wrong,
    }),
  )
  const missing = [...failures].map(([{ name }, reason]) => `${name} could not be measured: ${reason}.`)
  const named = measured.map(({ contestant: { name }, figures }) => ({ ...figures, name }))
  return {
    name: `gateway front-${front}`,
    title: `\`add\` of a stdio server behind a gateway, ${front} clients (${versions[front]}) over HTTP`,
    columns,
    rows,
    note: [about, ...missing].join(' '),
    ...wrongOf(named),
  }
}

/** Of a message of somebody else's: one line that fits below a table. */
function reasonOf(error: unknown): string {
  const lines = String(error instanceof Error ? error.message : error).split('\n')
  return lines.join(' ').replaceAll('|', '/').slice(0, 200)
}

const about =
  'Latency is that of one call after the other on one connection; CPU time and calls per second are those of 32 ' +
  'connections. “Alone” leaves out the server behind the gateway, which is the same for all. Memory is the gateway’s.'

const columns = [
  { key: 'contestant', title: '' },
  { key: 'p50Ms', title: 'latency ms', digits: 3 },
  { key: 'addedMs', title: 'added ms', digits: 3 },
  { key: 'ownRatio', title: 'CPU alone × direct', digits: 2 },
  { key: 'cpuRatio', title: 'CPU × direct', digits: 2 },
  { key: 'cpuMicroseconds', title: 'CPU µs/call', digits: 1 },
  { key: 'callsPerSecond', title: 'calls/s' },
  { key: 'residentMb', title: 'memory MB' },
  { key: 'wrong', title: 'wrong' },
]
