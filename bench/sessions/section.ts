import { spawnSync } from 'node:child_process'
import { driveHttp } from '../load/drive-http.ts'
import { type HeldSession, holdSessions } from '../load/held-session.ts'
import type { Era } from '../load/messages.ts'
import { workloads } from '../load/workloads.ts'
import { usage } from '../machine/cpu.ts'
import { type Heap, heapFlags, heapOf } from '../machine/heap.ts'
import { listeningOn, type Program, type Running, start } from '../machine/program.ts'
import type { RunOptions, Section } from '../section.ts'
import { ratio, type Table, type TableRow } from '../table.ts'

interface Contestant extends Program {
  /** Sessions held at once, one measurement after the other. */
  readonly counts: readonly number[]
}

const http = (name: string, script: string, env: Program['env'], counts: readonly number[]): Contestant => ({
  name,
  script,
  env: { HTTP: '1', ERA: 'legacy', REPLY: 'sse', ...env },
  listens: listeningOn,
  counts,
})

const bare = 'bare'

const holders: readonly Contestant[] = [
  http(bare, 'bare-sessions.js', {}, [1_000, 5_000, 10_000]),
  http('sdk v1.32.2', 'v1-http.js', {}, [1_000, 5_000]),
  http('sdk v2.4.0', 'v2-http.js', {}, [1_000, 5_000]),
  http('interlock', 'ours.js', { SCHEMA: 'zod' }, [1_000, 5_000, 10_000]),
]

/** What sessions cost that nobody uses, and what calls leave behind. */
export const sessions: Section = {
  name: 'sessions',
  about: 'heap of idle sessions that listen, CPU to open one, heap that calls leave behind',
  words: [['idle', 'kept']],
  async *run(words, options) {
    const isChosen = (word: string): boolean => words.length === 0 || words.includes(word)
    if (isChosen('idle')) yield await measureIdle(options)
    if (isChosen('kept')) yield await measureKept(options)
  },
}

/** Sessions opened before the first figure: code is compiled by then. */
const first = 100
/** Descriptors that a process needs besides. */
const spareDescriptors = 200

async function measureIdle({ only, cores, flags }: RunOptions): Promise<Table> {
  const most = descriptors() - spareDescriptors
  const rows: TableRow[] = []
  for (const contestant of holders.filter(({ name }) => name === bare || name.includes(only))) {
    const running = await start(contestant, cores, [...flags, ...heapFlags])
    try {
      const counts = contestant.counts.filter(count => count <= most)
      for await (const row of hold(running, counts)) {
        const base = rows.find(({ sessions, contestant: name }) => name === bare && sessions === row['sessions'])
        const heapRatio = ratio(number(row['heap']), number((base ?? row)['heap']))
        rows.push({ contestant: contestant.name, ...row, heapRatio })
      }
    } finally {
      await running.stop()
    }
  }
  const lacking = holders.some(({ counts }) => counts.some(count => count > most))
  return {
    name: 'sessions idle',
    title: 'Idle sessions of the legacy era, each with its GET stream open',
    columns: idleColumns,
    rows,
    note: `Heap and memory are what one session adds, after full collections; \`bare\` keeps an id and the response of node:http.${lacking ? ` Larger numbers were left out: this system allows a process ${most + spareDescriptors} open files (\`ulimit -Hn\`).` : ''}`,
  }
}

const number = (value: string | number | undefined): number | undefined =>
  typeof value === 'number' ? value : undefined

async function* hold(running: Running, counts: readonly number[]): AsyncGenerator<TableRow> {
  const { url, pid } = running
  if (url === undefined) throw new TypeError('sessions are held over HTTP')
  const held: HeldSession[] = await holdSessions(url, first)
  try {
    const base = await heapOf(running)
    for (const count of counts) {
      const more = count - held.length
      const before = usage(pid)
      held.push(...(await holdSessions(url, more)))
      const after = usage(pid)
      const now = await heapOf(running)
      const each = (member: keyof Heap): number | undefined =>
        now && base && (now[member] - base[member]) / 1024 / (count - first)
      yield {
        sessions: count,
        heap: each('heapUsed'),
        external: each('external'),
        rss: each('rss'),
        total: now && now.rss / 1024 / 1024,
        cpu: after && before && (after.cpuNs - before.cpuNs) / 1_000 / more,
      }
    }
  } finally {
    for (const session of held) session.close()
  }
}

/** How many files a process may open: Node raises its soft limit to the hard one by itself. */
function descriptors(): number {
  const { stdout } = spawnSync('sh', ['-c', 'ulimit -Hn'], { encoding: 'utf8' })
  const limit = Number(stdout)
  return Number.isInteger(limit) && limit > 0 ? limit : Number.POSITIVE_INFINITY
}

const idleColumns = [
  { key: 'contestant', title: '' },
  { key: 'sessions', title: 'sessions' },
  { key: 'heap', title: 'heap KB each', digits: 1 },
  { key: 'heapRatio', title: 'heap × bare', digits: 2 },
  { key: 'external', title: 'external KB each', digits: 1 },
  { key: 'rss', title: 'memory KB each', digits: 1 },
  { key: 'total', title: 'memory MB in all' },
  { key: 'cpu', title: 'CPU µs to open' },
]

const eras: readonly Era[] = ['legacy', 'modern']

/** Calls that are counted: below this, what the runtime itself learns on the way outweighs what a call leaves. */
const fewest = 10_000
/** Longest time for them. */
const longestMs = 20_000

async function measureKept({ only, cores, flags, warmMs }: RunOptions): Promise<Table> {
  const rows: TableRow[] = []
  const wrong: string[] = []
  for (const era of eras) {
    const taking = holders.filter(({ name }) => !(era === 'modern' && name.includes('v1')))
    for (const contestant of taking.filter(({ name }) => name === bare || name.includes(only))) {
      const program = { ...contestant, env: { ...contestant.env, ERA: era, REPLY: 'json' } }
      const running = await start(program, cores, [...flags, ...heapFlags])
      try {
        const found = await kept(running, era, warmMs)
        rows.push({ contestant: contestant.name, era, ...found.row })
        if (found.wrong !== undefined) wrong.push(`${contestant.name} answered wrongly: ${found.wrong}`)
      } finally {
        await running.stop()
      }
    }
  }
  return {
    name: 'sessions kept',
    title: 'Heap that calls leave behind',
    columns: keptColumns,
    rows,
    note: 'Heap after full collections, before and after the calls, all of them on one session or endpoint. A few bytes either way are the runtime’s own.',
    ...(wrong[0] === undefined ? {} : { wrong: wrong[0] }),
  }
}

async function kept(running: Running, era: Era, warmMs: number): Promise<{ row: TableRow; wrong?: string }> {
  const [add] = workloads
  if (running.url === undefined || add === undefined) throw new TypeError('calls are made over HTTP')
  const loop = await (await driveHttp(running.url, era, add)).open()
  try {
    await loop.run(warmMs)
    const before = await heapOf(running)
    const started = performance.now()
    let calls = 0
    let wrong: string | undefined
    while (calls < fewest && performance.now() - started < longestMs) {
      const load = await loop.run(500)
      calls += load.calls
      wrong ??= load.firstWrong
    }
    const after = await heapOf(running)
    const bytes = after && before && (after.heapUsed - before.heapUsed) / calls
    return { row: { calls, bytes, heap: after && after.heapUsed / 1024 / 1024 }, ...(wrong && { wrong }) }
  } finally {
    loop.close()
  }
}

const keptColumns = [
  { key: 'contestant', title: '' },
  { key: 'era', title: 'era' },
  { key: 'calls', title: 'calls' },
  { key: 'bytes', title: 'heap bytes kept a call', digits: 1 },
  { key: 'heap', title: 'heap MB after', digits: 1 },
]
