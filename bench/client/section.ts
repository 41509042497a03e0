import { fileURLToPath } from 'node:url'
import { type Figures, figures, type Lane, takeTurns, warmUp, wrongOf } from '../load/turns.ts'
import { type Cores, pinned } from '../machine/cpu.ts'
import { listeningOn, type Running, start } from '../machine/program.ts'
import type { RunOptions, Section } from '../section.ts'
import { ratio, type Table } from '../table.ts'
import { type ClientDriver, driveClient } from './drive-client.ts'
import { kinds, type Scenario, scenarios } from './scenarios.ts'

/** What one `tools/call` costs a client. */
export const client: Section = {
  name: 'client',
  about: 'CPU time of a client for one tools/call, without a transport, over stdio and over HTTP',
  words: kinds,
  async *run(words, options) {
    for (const scenario of scenarios(words, options.only)) yield await measure(scenario, options)
  },
}

interface ClientLane extends Lane {
  readonly driver: ClientDriver
}

/** The clients have the measured core, and what answers them the other one. */
async function measure(scenario: Scenario, options: RunOptions): Promise<Table> {
  const started: Running[] = []
  const others = options.cores && { server: options.cores.load, load: options.cores.server }
  try {
    const server = await serverFor(scenario, others)
    if (server !== undefined) started.push(server)
    const lanes: ClientLane[] = []
    for (const { name, script, env } of scenario.clients) {
      const all = { ...environment(scenario, server?.url, others), ...env }
      // A collection is asked for between windows only, and the switch for it changes nothing else.
      const running = await start({ name, script, env: all }, options.cores, ['--expose-gc', ...options.flags])
      started.push(running)
      const lane = { pids: [running.pid], driver: driveClient(running) }
      await warmUp(lane, options.warmMs)
      lanes.push(lane)
    }
    const before = await heaps(lanes)
    const windows = await takeTurns(lanes, options)
    const after = await heaps(lanes)
    const kept = lanes.map((_, index) => {
      const calls = windows[index]?.reduce((sum, window) => sum + window.calls, 0) ?? 0
      return ((after[index] ?? 0) - (before[index] ?? 0)) / calls
    })
    return report(scenario, windows.map(figures), kept)
  } finally {
    await Promise.all(started.map(running => running.stop()))
  }
}

async function heaps(lanes: readonly ClientLane[]): Promise<number[]> {
  const found: number[] = []
  for (const { driver } of lanes) found.push(await driver.heap())
  return found
}

const serverFor = async ({ way, era, reply }: Scenario, cores: Cores | undefined): Promise<Running | undefined> =>
  way === 'http'
    ? start(
        { name: 'server', script: 'client-server-http.js', env: { ERA: era, REPLY: reply }, listens: listeningOn },
        cores,
        [],
      )
    : undefined

/** On stdio every client starts the server itself. */
function environment(
  { way, era, inFlight, tool }: Scenario,
  url: URL | undefined,
  cores: Cores | undefined,
): Record<string, string> {
  const script = fileURLToPath(new URL('../contestants/client-server-stdio.js', import.meta.url))
  return {
    HOW: way,
    ERA: era,
    TOOL: tool,
    IN_FLIGHT: String(inFlight),
    COMMAND: JSON.stringify(pinned(cores, [process.execPath, script])),
    ...(url === undefined ? {} : { URL: url.href }),
  }
}

function report({ name, title, clients }: Scenario, found: readonly Figures[], keptBytes: readonly number[]): Table {
  const [base] = found
  const rows = clients.map(({ name: contestant }, index) => {
    const { cpuMicroseconds, callsPerSecond, disturbed, kept, wrong } = found[index] ?? {}
    return {
      contestant,
      cpuRatio: ratio(cpuMicroseconds, base?.cpuMicroseconds),
      callsRatio: ratio(callsPerSecond, base?.callsPerSecond),
      cpuMicroseconds,
      callsPerSecond,
      keptBytes: keptBytes[index],
      disturbed,
      kept,
      wrong,
    }
  })
  const columns = columnsFor(clients[0]?.name ?? '')
  const named = clients.map(({ name: contestant }, index) => ({ ...found[index], name: contestant }))
  return { name: `client ${name}`, title, columns, rows, ...wrongOf(named) }
}

const columnsFor = (base: string): Table['columns'] => [
  { key: 'contestant', title: '' },
  { key: 'cpuRatio', title: `CPU × ${base}`, digits: 2 },
  { key: 'callsRatio', title: `calls/s × ${base}`, digits: 2 },
  { key: 'cpuMicroseconds', title: 'CPU µs/call', digits: 1 },
  { key: 'callsPerSecond', title: 'calls/s' },
  { key: 'keptBytes', title: 'heap kept, bytes/call', digits: 1 },
  { key: 'disturbed', title: 'disturbed' },
  { key: 'kept', title: 'windows' },
  { key: 'wrong', title: 'wrong' },
]
