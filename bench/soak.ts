import { parseArgs } from 'node:util'
import { type Heap, heapFlags, heapOf } from './machine/heap.ts'
import { listeningOn, type Running, start } from './machine/program.ts'
import { growth, type Sample } from './soak/trend.ts'
import { toolCount, type Use, usesOf } from './soak/uses.ts'

const usageText = `npm run soak [-- --minutes 30]

Uses a server over HTTP in every way at once, in both eras, and ends with status 1 when anything was answered wrongly, or
when memory after full collections grows.

  --minutes   how long (30); the first fifth is not judged`

/** By how much memory may grow from the end of the warm-up to the end. */
const bounds = {
  /** What lives; a leak of 3 bytes a call shows within minutes. */
  heapMegabytes: 4,
  /** What the system gave, which the collector hands back late and in large pieces. */
  rssMegabytes: 60,
  /** Sockets and timers. */
  handles: 20,
}

/** Time between two looks at the server. */
const lookMs = 10_000

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { minutes: { type: 'string', default: '30' }, help: { type: 'boolean' } } })
  if (values.help) return console.log(usageText)
  const minutes = Number(values.minutes)
  if (!(minutes > 0)) {
    console.error(`--minutes must be a number above 0, not "${values.minutes}"`)
    process.exit(1)
  }
  const program = {
    name: 'interlock',
    script: 'ours.js',
    env: { HTTP: '1', SCHEMA: 'zod', BIG: '1', TOOLS: String(toolCount) },
    listens: listeningOn,
  }
  const running = await start(program, undefined, heapFlags)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))
  try {
    const faults = await soak(running, minutes * 60_000)
    for (const fault of faults) console.error(fault)
    if (faults.length > 0) process.exitCode = 1
    else console.log('nothing was wrong, and nothing grew')
  } finally {
    await running.stop()
  }
}

interface Look extends Heap {
  readonly ms: number
}

/** @returns what was not as it should be */
async function soak(running: Running, totalMs: number): Promise<string[]> {
  if (running.url === undefined) throw new TypeError('the server does not listen')
  const counts = { calls: 0, wrong: 0, firstWrong: undefined as string | undefined }
  const looks: Look[] = []
  const started = performance.now()
  const elapsed = (): number => performance.now() - started
  let lookedAt = 0
  const uses = await usesOf(running.url)
  for (let turn = 0; elapsed() < totalMs; turn += 1) {
    // Two at a time, each time others: what one leaves behind meets the other.
    const pair = [uses[turn % uses.length], uses[(turn * 5 + 3) % uses.length]]
    await Promise.all([...new Set(pair)].map(use => use && count(use, counts)))
    if (elapsed() - lookedAt < lookMs) continue
    lookedAt = elapsed()
    // Answers to clients that have gone are on their way still.
    await new Promise(resolve => setTimeout(resolve, 500))
    const heap = await heapOf(running)
    if (heap === undefined) continue
    looks.push({ ms: lookedAt, ...heap })
    console.log(line(heap, lookedAt, counts))
  }
  const judged = looks.filter(({ ms }) => ms > totalMs / 5)
  return [...grown(judged), ...(counts.wrong === 0 ? [] : [`${counts.wrong} answers were wrong: ${counts.firstWrong}`])]
}

async function count(
  use: Use,
  counts: { calls: number; wrong: number; firstWrong: string | undefined },
): Promise<void> {
  const { calls, wrong, firstWrong } = await use.turn()
  counts.calls += calls
  counts.wrong += wrong
  if (firstWrong !== undefined) counts.firstWrong ??= `${use.name}: ${firstWrong}`
}

const megabyte = 1024 * 1024
const megabytes = (bytes: number): string => `${(bytes / megabyte).toFixed(1)} MB`

function line(
  { heapUsed, rss, handles }: Heap,
  ms: number,
  { calls, wrong }: { calls: number; wrong: number },
): string {
  return [
    `${(ms / 1_000).toFixed(0).padStart(5)} s`,
    `heap ${megabytes(heapUsed)}`,
    `rss ${megabytes(rss)}`,
    `${handles} handles`,
    `${calls} calls`,
    `${wrong} wrong`,
  ].join('   ')
}

function grown(looks: readonly Look[]): string[] {
  const fewest = 4
  if (looks.length < fewest)
    return [`memory was looked at ${looks.length} times, which is no trend; give more --minutes`]
  const by = (pick: (look: Look) => number): number =>
    growth(looks.map((look): Sample => ({ ms: look.ms, value: pick(look) })))
  const found = [
    { what: 'MB of heap', by: by(({ heapUsed }) => heapUsed / megabyte), bound: bounds.heapMegabytes },
    { what: 'MB of memory', by: by(({ rss }) => rss / megabyte), bound: bounds.rssMegabytes },
    { what: 'open handles', by: by(({ handles }) => handles), bound: bounds.handles },
  ]
  console.log(found.map(({ what, by: more }) => `grew by ${more.toFixed(1)} ${what}`).join(', '))
  return found
    .filter(({ by: more, bound }) => more > bound)
    .map(({ what, by: more, bound }) => `grew by ${more.toFixed(1)} ${what}; at most ${bound} are allowed`)
}

await main()
