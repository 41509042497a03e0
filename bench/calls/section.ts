import { driveHttp } from '../load/drive-http.ts'
import { driveStdio } from '../load/drive-stdio.ts'
import { type Figures, figures, type Lane, takeTurns, warmUp } from '../load/turns.ts'
import { type Running, start } from '../machine/program.ts'
import type { RunOptions, Section } from '../section.ts'
import { ratio, type Table } from '../table.ts'
import type { Contestant } from './contestants.ts'
import { kinds, type Scenario, scenarios } from './scenarios.ts'

/** What one `tools/call` costs a server. */
export const calls: Section = {
  name: 'calls',
  about: 'CPU time of a server for one tools/call, over HTTP and stdio, in both eras',
  words: kinds,
  async *run(words, options) {
    for (const scenario of scenarios(words, options.only)) yield await measure(scenario, options)
  },
}

/** All contestants are started and warmed up before the first window. */
async function measure(scenario: Scenario, options: RunOptions): Promise<Table> {
  const lanes: Lane[] = []
  const started: Running[] = []
  try {
    for (const contestant of scenario.contestants) {
      const running = await start(contestant, options.cores, options.flags)
      started.push(running)
      const lane = { pids: [running.pid], driver: await drive(running, contestant, scenario) }
      await warmUp(lane, options.warmMs)
      lanes.push(lane)
    }
    const windows = await takeTurns(lanes, options)
    return report(scenario, windows.map(figures))
  } finally {
    await Promise.all(started.map(running => running.stop()))
  }
}

const drive = ({ child, url }: Running, { era }: Contestant, { workload }: Scenario): Promise<Lane['driver']> =>
  url === undefined ? driveStdio(child, era, workload) : driveHttp(url, era, workload)

function report({ name, title, contestants }: Scenario, found: readonly Figures[]): Table {
  const [base] = found
  const rows = contestants.map(({ name: contestant, reply }, index) => {
    const { cpuMicroseconds, callsPerSecond, disturbed = 0, kept, wrong } = found[index] ?? {}
    return {
      contestant,
      reply,
      cpuRatio: ratio(cpuMicroseconds, base?.cpuMicroseconds),
      callsRatio: ratio(callsPerSecond, base?.callsPerSecond),
      cpuMicroseconds,
      callsPerSecond,
      disturbed: `${(disturbed * 100).toFixed(0)} %`,
      kept,
      wrong,
    }
  })
  const wrong = rows.findIndex(row => row.wrong !== 0)
  return {
    name: `calls ${name}`,
    title,
    columns,
    rows,
    ...(wrong < 0 ? {} : { wrong: `${rows[wrong]?.contestant} answered wrongly: ${found[wrong]?.firstWrong}` }),
  }
}

const columns = [
  { key: 'contestant', title: '' },
  { key: 'reply', title: 'reply' },
  { key: 'cpuRatio', title: 'CPU × bare', digits: 2 },
  { key: 'callsRatio', title: 'calls/s × bare', digits: 2 },
  { key: 'cpuMicroseconds', title: 'CPU µs/call', digits: 1 },
  { key: 'callsPerSecond', title: 'calls/s' },
  { key: 'disturbed', title: 'disturbed' },
  { key: 'kept', title: 'windows' },
  { key: 'wrong', title: 'wrong' },
]
