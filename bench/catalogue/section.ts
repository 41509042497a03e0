import { driveHttp } from '../load/drive-http.ts'
import type { Era } from '../load/messages.ts'
import { type Figures, figures, type Lane, takeTurns, warmUp } from '../load/turns.ts'
import { workloads } from '../load/workloads.ts'
import { listeningOn, type Program, type Running, start } from '../machine/program.ts'
import type { RunOptions, Section } from '../section.ts'
import { type Column, ratio, type Table } from '../table.ts'
import { driveList } from './drive-list.ts'

const eras: readonly Era[] = ['modern', 'legacy']
const sizes = [16, 100, 1_000]

/** What a server's number of tools costs. */
export const catalogue: Section = {
  name: 'catalogue',
  about: 'CPU time of tools/list, and of tools/call, as the number of tools grows',
  words: [['list', 'call'], ['modern', 'legacy'], sizes.map(String)],
  async *run(words, options) {
    const isChosen = (word: string, ...others: readonly string[]): boolean =>
      words.includes(word) || !words.some(given => others.includes(given))
    for (const era of eras.filter(name => isChosen(name, ...eras))) {
      const chosen = sizes.filter(size => isChosen(String(size), ...sizes.map(String)))
      if (isChosen('list', 'call')) for (const size of chosen) yield await measureList(era, size, options)
      if (isChosen('call', 'list')) yield await measureCall(era, options)
    }
  },
}

const bare = 'bare'

interface Entry extends Program {
  readonly tools: number
}

function entries(era: Era, tools: number, only: string): Entry[] {
  const row = (name: string, script: string, env: Program['env'] = {}): Entry => ({
    name,
    script,
    tools,
    env: { HTTP: '1', ERA: era, REPLY: 'json', TOOLS: String(tools), ...env },
    listens: listeningOn,
  })
  const all = [
    row(bare, 'bare-http.js'),
    ...(era === 'legacy' ? [row('sdk v1.32.2', 'v1-http.js')] : []),
    row('sdk v2.4.0', 'v2-http.js'),
    row('interlock', 'ours.js', { SCHEMA: 'zod' }),
  ]
  return all.filter(({ name }) => name === bare || name.includes(only))
}

interface Found extends Figures {
  readonly entry: Entry
  readonly bytes?: number
}

/** Starts and warms up all, then takes turns. */
async function measure(
  all: readonly Entry[],
  { cores, flags, warmMs, rounds, ms }: RunOptions,
  drive: (url: URL, entry: Entry) => Promise<Lane['driver'] & { readonly bytes?: number }>,
): Promise<Found[]> {
  const lanes: (Lane & { readonly entry: Entry; readonly bytes: number | undefined })[] = []
  const started: Running[] = []
  try {
    for (const entry of all) {
      const running = await start(entry, cores, flags)
      started.push(running)
      if (running.url === undefined) throw new TypeError(`${entry.name} does not listen`)
      const driver = await drive(running.url, entry)
      const lane = { pids: [running.pid], driver, entry, bytes: driver.bytes }
      await warmUp(lane, warmMs)
      lanes.push(lane)
    }
    const windows = await takeTurns(lanes, { rounds, ms })
    return lanes.map(({ entry, bytes }, at) => ({
      entry,
      ...figures(windows[at] ?? []),
      ...(bytes === undefined ? {} : { bytes }),
    }))
  } finally {
    await Promise.all(started.map(running => running.stop()))
  }
}

async function measureList(era: Era, size: number, options: RunOptions): Promise<Table> {
  const found = await measure(entries(era, size, options.only), options, (url, { tools }) => driveList(url, era, tools))
  const [base] = found
  return {
    name: `catalogue list ${era} ${size}`,
    title: `\`tools/list\` of ${size} tools over HTTP, ${era}`,
    columns: [
      ...common,
      { key: 'kilobytes', title: 'reply KB', digits: 1 },
      { key: 'ratio', title: 'CPU × bare', digits: 2 },
    ].concat(behind),
    rows: found.map(each => ({ ...shown(each), ratio: ratio(each.cpuMicroseconds, base?.cpuMicroseconds) })),
    ...wrongOf(found),
  }
}

async function measureCall(era: Era, options: RunOptions): Promise<Table> {
  const few = 16
  const many = 1_000
  const all = entries(era, few, options.only).flatMap((entry, at) => [
    entry,
    ...entries(era, many, options.only).slice(at, at + 1),
  ])
  const [add] = workloads
  if (add === undefined) throw new TypeError('there is no workload')
  const found = await measure(all, options, url => driveHttp(url, era, add))
  const bareOf = (tools: number): Found | undefined =>
    found.find(({ entry }) => entry.name === bare && entry.tools === tools)
  return {
    name: `catalogue call ${era}`,
    title: `\`tools/call\` of one tool on servers with ${few} and with ${many} tools, over HTTP, ${era}`,
    columns: [
      ...common,
      { key: 'growth', title: 'CPU × with 16', digits: 2 },
      { key: 'ratio', title: 'CPU × bare', digits: 2 },
    ].concat(behind),
    rows: found.map(each => {
      const same = found.find(({ entry }) => entry.name === each.entry.name && entry.tools === few)
      return {
        ...shown(each),
        growth: ratio(each.cpuMicroseconds, same?.cpuMicroseconds),
        ratio: ratio(each.cpuMicroseconds, bareOf(each.entry.tools)?.cpuMicroseconds),
      }
    }),
    ...wrongOf(found),
  }
}

const common: readonly Column[] = [
  { key: 'contestant', title: '' },
  { key: 'tools', title: 'tools' },
]
const behind: Column[] = [
  { key: 'cpuMicroseconds', title: 'CPU µs each', digits: 1 },
  { key: 'callsPerSecond', title: '/s' },
  { key: 'disturbed', title: 'disturbed' },
  { key: 'wrong', title: 'wrong' },
]

const shown = ({ entry, bytes, cpuMicroseconds, callsPerSecond, disturbed, wrong }: Found) => ({
  contestant: entry.name,
  tools: entry.tools,
  kilobytes: bytes && bytes / 1024,
  cpuMicroseconds,
  callsPerSecond,
  disturbed: `${(disturbed * 100).toFixed(0)} %`,
  wrong,
})

function wrongOf(found: readonly Found[]): Pick<Table, 'wrong'> {
  const bad = found.find(({ wrong }) => wrong > 0)
  return bad === undefined ? {} : { wrong: `${bad.entry.name} answered wrongly: ${bad.firstWrong}` }
}
