import { contest, type Found } from '../load/contest.ts'
import { driveHttp } from '../load/drive-http.ts'
import type { Era } from '../load/messages.ts'
import { wrongOf } from '../load/turns.ts'
import { workloads } from '../load/workloads.ts'
import { listeningOn, type Program, urlOf } from '../machine/program.ts'
import type { RunOptions, Section } from '../section.ts'
import { type Column, ratio, type Table, type TableRow } from '../table.ts'
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

async function measureList(era: Era, size: number, options: RunOptions): Promise<Table> {
  const found = await contest(entries(era, size, options.only), options, (running, { tools }) =>
    driveList(urlOf(running), era, tools),
  )
  const [base] = found
  return {
    name: `catalogue list ${era} ${size}`,
    title: `\`tools/list\` of ${size} tools over HTTP, ${era}`,
    columns: [
      ...common,
      { key: 'kilobytes', title: 'reply KB', digits: 1 },
      { key: 'ratio', title: 'CPU × bare', digits: 2 },
    ].concat(behind),
    rows: found.map(each => ({
      ...shown(each),
      kilobytes: each.driver.bytes / 1024,
      ratio: ratio(each.cpuMicroseconds, base?.cpuMicroseconds),
    })),
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
  const found = await contest(all, options, running => driveHttp(urlOf(running), era, add))
  const cpuOf = (name: string, tools: number): number | undefined =>
    found.find(each => each.name === name && each.tools === tools)?.cpuMicroseconds
  return {
    name: `catalogue call ${era}`,
    title: `\`tools/call\` of one tool on servers with ${few} and with ${many} tools, over HTTP, ${era}`,
    columns: [
      ...common,
      { key: 'growth', title: 'CPU × with 16', digits: 2 },
      { key: 'ratio', title: 'CPU × bare', digits: 2 },
    ].concat(behind),
    rows: found.map(each => ({
      ...shown(each),
      growth: ratio(each.cpuMicroseconds, cpuOf(each.name, few)),
      ratio: ratio(each.cpuMicroseconds, cpuOf(bare, each.tools)),
    })),
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

const shown = ({ name, tools, cpuMicroseconds, callsPerSecond, disturbed, wrong }: Found<Entry>): TableRow => ({
  contestant: name,
  tools,
  cpuMicroseconds,
  callsPerSecond,
  disturbed,
  wrong,
})
