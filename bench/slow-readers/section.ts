import { Connection, openSession, requestHead } from '../load/drive-http.ts'
import { httpHeaders, isRight, request } from '../load/messages.ts'
import { workloads } from '../load/workloads.ts'
import { residentBytes } from '../machine/heap.ts'
import { listeningOn, type Program, start } from '../machine/program.ts'
import type { RunOptions, Section } from '../section.ts'
import { median, ratio, type Table, type TableRow } from '../table.ts'
import { type Attack, attackHttp, attackStdio, describeAttack } from './peers.ts'

const attacks: readonly Attack[] = ['pipelined', 'connections', 'streams', 'stdio']

/** What peers that do not read cost a server, and everybody else. */
export const slowReaders: Section = {
  name: 'slow-readers',
  about: 'memory for peers that ask for much and never read, and what others notice of them',
  words: [attacks],
  async *run(words, options) {
    for (const attack of attacks) if (words.length === 0 || words.includes(attack)) yield await measure(attack, options)
  },
}

const peers = (attack: Attack, only: string): Program[] => {
  const reply = attack === 'streams' ? 'sse' : 'json'
  const rows: (readonly [string, string])[] =
    attack === 'stdio'
      ? [
          ['sdk v1.32.2', 'v1-stdio.js'],
          ['sdk v2.4.0', 'v2-stdio.js'],
          ['interlock', 'ours.js'],
        ]
      : [
          ['sdk v1.32.2', 'v1-http.js'],
          ['sdk v2.4.0', 'v2-http.js'],
          ['interlock', 'ours.js'],
        ]
  return rows
    .filter(([name]) => name.includes(only))
    .map(([name, script]) => ({
      name,
      script,
      env: { ERA: 'legacy', REPLY: reply, BIG: '1', SCHEMA: 'zod', ...(attack === 'stdio' ? {} : { HTTP: '1' }) },
      ...(attack === 'stdio' ? {} : { listens: listeningOn }),
    }))
}

/** How long peers are watched that do not read. */
const attackMs = 4_000

async function measure(attack: Attack, options: RunOptions): Promise<Table> {
  const rows: TableRow[] = []
  let wrong: string | undefined
  for (const program of peers(attack, options.only)) {
    const found = attack === 'stdio' ? await overStdio(program, options) : await overHttp(program, attack, options)
    rows.push({ contestant: program.name, ...found.row })
    if (found.wrong !== undefined) wrong = `${program.name} answered wrongly: ${found.wrong}`
  }
  return {
    name: `slow-readers ${attack}`,
    title: `Nobody reads: ${describeAttack(attack)}`,
    columns: attack === 'stdio' ? memoryColumns : [...memoryColumns, ...othersColumns],
    rows,
    ...(attack === 'stdio'
      ? {}
      : {
          note: `The others are ${honest} connections that call \`add\` one call after the other, before and meanwhile.`,
        }),
    ...(wrong === undefined ? {} : { wrong }),
  }
}

interface Found {
  readonly row: TableRow
  readonly wrong?: string
}

async function overHttp(program: Program, attack: Exclude<Attack, 'stdio'>, options: RunOptions): Promise<Found> {
  const running = await start(program, options.cores, options.flags)
  try {
    if (running.url === undefined) throw new TypeError(`${program.name} does not listen`)
    const others = await Others.open(running.url)
    await others.run(Math.min(options.warmMs, 2_000))
    const before = await others.run(2_000)
    const memory = watch(running.pid)
    const end = await attackHttp(attack, running.url)
    const during = await others.run(attackMs)
    const { idle, most } = memory.stop()
    await end()
    others.close()
    const wrong = before.wrong ?? during.wrong
    return {
      row: {
        idle,
        above: most === undefined || idle === undefined ? undefined : most - idle,
        callsRatio: ratio(during.callsPerSecond, before.callsPerSecond),
        p50: during.p50,
        p50Ratio: ratio(during.p50, before.p50),
        longest: during.longest,
      },
      ...(wrong === undefined ? {} : { wrong }),
    }
  } finally {
    await running.stop()
  }
}

async function overStdio(program: Program, options: RunOptions): Promise<Found> {
  const running = await start(program, options.cores, options.flags)
  try {
    await new Promise(resolve => setTimeout(resolve, 1_500)) // no sign tells when it is up
    const memory = watch(running.pid)
    attackStdio(running)
    await new Promise(resolve => setTimeout(resolve, attackMs))
    const { idle, most } = memory.stop()
    return { row: { idle, above: most === undefined || idle === undefined ? undefined : most - idle } }
  } finally {
    await running.stop()
  }
}

/** Looks at the memory of a process, in megabytes, from now on. */
function watch(pid: number): { stop(): { idle: number | undefined; most: number | undefined } } {
  const megabytes = (): number | undefined => {
    const bytes = residentBytes(pid)
    return bytes && bytes / 1024 / 1024
  }
  const idle = megabytes()
  let most = idle
  const timer = setInterval(() => {
    const now = megabytes()
    if (now !== undefined && now > (most ?? 0)) most = now
  }, 20)
  return {
    stop() {
      clearInterval(timer)
      return { idle, most }
    },
  }
}

const honest = 8

/** Clients that read what they ask for. */
class Others {
  readonly #pool: readonly Connection[]
  readonly #head: string
  #call = 0

  static async open(url: URL): Promise<Others> {
    const sessionId = await openSession(url)
    const pool = await Promise.all(Array.from({ length: honest }, () => Connection.open(url)))
    return new Others(pool, requestHead(url, httpHeaders('legacy', 'add', sessionId)))
  }

  private constructor(pool: readonly Connection[], head: string) {
    this.#pool = pool
    this.#head = head
  }

  async run(ms: number): Promise<{ callsPerSecond: number; p50: number; longest: number; wrong?: string }> {
    const [add] = workloads
    if (add === undefined) throw new TypeError('there is no workload')
    const took: number[] = []
    let wrong: string | undefined
    const started = performance.now()
    const repeat = async (connection: Connection): Promise<void> => {
      while (performance.now() - started < ms) {
        this.#call += 1
        const id = this.#call
        const asked = performance.now()
        const body = request('legacy', add, id)
        const { text, messages } = await connection.ask(`${this.#head}${Buffer.byteLength(body)}\r\n\r\n${body}`)
        took.push(performance.now() - asked)
        if (!isRight('legacy', add, id, messages)) wrong ??= text.slice(0, 500)
      }
    }
    await Promise.all(this.#pool.map(repeat))
    const seconds = (performance.now() - started) / 1_000
    const longest = took.reduce((most, one) => Math.max(most, one), 0)
    return { callsPerSecond: took.length / seconds, p50: median(took), longest, ...(wrong && { wrong }) }
  }

  close(): void {
    for (const connection of this.#pool) connection.close()
  }
}

const memoryColumns = [
  { key: 'contestant', title: '' },
  { key: 'idle', title: 'memory MB before' },
  { key: 'above', title: 'most MB above' },
]
const othersColumns = [
  { key: 'callsRatio', title: 'calls/s of others × before', digits: 2 },
  { key: 'p50', title: 'their median ms', digits: 2 },
  { key: 'p50Ratio', title: '× before', digits: 2 },
  { key: 'longest', title: 'their longest ms' },
]
