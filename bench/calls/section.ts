import { contest } from '../load/contest.ts'
import type { Driver } from '../load/drive.ts'
import { driveHttp } from '../load/drive-http.ts'
import { driveStdio } from '../load/drive-stdio.ts'
import { wrongOf } from '../load/turns.ts'
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

async function measure({ name, title, workload, contestants }: Scenario, options: RunOptions): Promise<Table> {
  const found = await contest<Contestant, Driver>(contestants, options, ({ child, url }, { era }) =>
    url === undefined ? driveStdio(child, era, workload) : driveHttp(url, era, workload),
  )
  const [base] = found
  const rows = found.map(({ name: contestant, reply, cpuMicroseconds, callsPerSecond, disturbed, kept, wrong }) => ({
    contestant,
    reply,
    cpuRatio: ratio(cpuMicroseconds, base?.cpuMicroseconds),
    callsRatio: ratio(callsPerSecond, base?.callsPerSecond),
    cpuMicroseconds,
    callsPerSecond,
    disturbed,
    kept,
    wrong,
  }))
  return { name: `calls ${name}`, title, columns, rows, ...wrongOf(found) }
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
