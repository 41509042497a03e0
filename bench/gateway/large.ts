import { takeTurns, warmUp, wrongOf } from '../load/turns.ts'
import type { RunOptions } from '../section.ts'
import { ratio, type Table, type TableRow } from '../table.ts'
import { type Contestant, contestants, copying } from './contestants.ts'
import { driveLarge } from './drive-large.ts'
import { gatewayFigures, laneOf } from './figures.ts'
import { forgetPeak, peakMb, residentMb } from './processes.ts'
import { type Started, startContestant } from './start.ts'

/** What a tool gives: a document or an image as people send them, and most of what one message may hold. */
const largeBytes = 10_000_000

/** Those that pass bytes on, and those of other makers that do so in the least time. */
const isChosen = ({ name }: Contestant): boolean => name.startsWith('interlock up') || name.startsWith('mcp-proxy')

/** What forwarding a large result costs that nobody on the way has to read. */
export async function large(options: RunOptions): Promise<Table> {
  const chosen = [copying, ...contestants.filter(isChosen).filter(({ name }) => name.includes(options.only))]
  const started: Started[] = []
  const rows: TableRow[] = []
  try {
    const lanes = []
    for (const contestant of chosen) {
      const one = await startContestant(contestant, options)
      started.push(one)
      const driver = await driveLarge(one.url, contestant.front, `${contestant.prefix ?? ''}large`, largeBytes)
      const lane = laneOf(one.running.pid, driver)
      await warmUp(lane, Math.min(options.warmMs, 2_000))
      lanes.push(lane)
    }
    const idle = started.map(({ running }) => residentMb(running.pid))
    for (const { running } of started) forgetPeak(running.pid)
    const figures = (await takeTurns(lanes, options)).map(windows => gatewayFigures(windows))
    const [base] = figures
    for (const [nr, { name, front }] of chosen.entries()) {
      const found = figures[nr]
      const peak = peakMb(started[nr]?.running.pid ?? 0)
      rows.push({
        contestant: name,
        front: nr === 0 ? '–' : front,
        timeRatio: ratio(found?.p50Ms, base?.p50Ms),
        ownRatio: ratio(found?.ownMicroseconds, base?.ownMicroseconds),
        p50Ms: found?.p50Ms,
        ownMs: found?.ownMicroseconds && found.ownMicroseconds / 1_000,
        idleMb: idle[nr],
        peakMb: peak,
        wrong: found?.wrong,
      })
    }
    const named = chosen.map(({ name }, index) => ({ ...figures[index], name }))
    return {
      name: 'gateway 10 MB',
      title: 'A result of 10 MB through a gateway that has no reason to look into it',
      columns,
      rows,
      note: about,
      ...wrongOf(named),
    }
  } finally {
    await Promise.all(started.map(each => each.stop()))
  }
}

const about =
  'One call after the other on one connection. CPU time is the gateway’s alone, without the server behind it. Memory is ' +
  'what the gateway had between two calls, and the most it ever had while they were measured.'

const columns = [
  { key: 'contestant', title: '' },
  { key: 'front', title: 'clients' },
  { key: 'ownRatio', title: 'CPU × copying', digits: 2 },
  { key: 'timeRatio', title: 'time × copying', digits: 2 },
  { key: 'ownMs', title: 'CPU ms', digits: 1 },
  { key: 'p50Ms', title: 'time ms', digits: 1 },
  { key: 'idleMb', title: 'memory MB' },
  { key: 'peakMb', title: 'peak MB' },
  { key: 'wrong', title: 'wrong' },
]
