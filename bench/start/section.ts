import type { Era } from '../load/messages.ts'
import { undisturbed } from '../load/turns.ts'
import type { RunOptions, Section } from '../section.ts'
import { median, ratio, type Table } from '../table.ts'
import { timeCommand, withCommands } from './commands.ts'
import { observe, type Start } from './observe.ts'
import { packed } from './packed.ts'
import { type Starter, starters } from './programs.ts'

const kinds = ['legacy', 'modern', 'command'] as const

/** How long it takes until something happens, and what it holds when nothing does. */
export const start: Section = {
  name: 'start',
  about: 'time from starting a server on stdio to its first answer, its idle memory; the interlock command',
  words: [kinds],
  async *run(words, options) {
    await packed()
    const isChosen = (kind: string): boolean => words.length === 0 || words.includes(kind)
    for (const era of ['legacy', 'modern'] as const) if (isChosen(era)) yield await servers(era, options)
    if (isChosen('command')) yield await commands(options)
  },
}

/** Runs that also read memory: it hardly varies, and each takes a second more. */
const idleRuns = 3

async function servers(era: Era, { only, rounds, cores }: RunOptions): Promise<Table> {
  const isWanted = ({ name, eras }: Starter, index: number): boolean =>
    eras.includes(era) && (index === 0 || name.includes(only))
  const chosen = starters
    .filter(isWanted)
    .map((starter): { starter: Starter; starts: Start[] } => ({ starter, starts: [] }))
  for (let round = 0; round <= rounds; round += 1) {
    for (const { starter, starts } of chosen) {
      const seen = await observe(starter.args, era, cores, round > 0 && round <= idleRuns)
      // The first one of each finds its files on the disk, the others in memory.
      if (round > 0) starts.push(seen)
    }
  }
  const [base] = chosen.map(({ starts }) => middle(starts))
  const rows = chosen.map(({ starter: { name: contestant }, starts }) => {
    const { firstMs, callMs, cpuMs, idleBytes } = middle(starts)
    const above = idleBytes === undefined || base?.idleBytes === undefined ? undefined : idleBytes - base.idleBytes
    return {
      contestant,
      firstRatio: ratio(firstMs, base?.firstMs),
      callRatio: ratio(callMs, base?.callMs),
      cpuRatio: ratio(cpuMs, base?.cpuMs),
      firstMs,
      callMs,
      cpuMs,
      idle: above === undefined ? undefined : above / 2 ** 20,
    }
  })
  const wrong = chosen.flatMap(({ starts }) => starts.flatMap(({ wrong: said }) => said ?? []))[0]
  const title = `Start of a server on stdio, ${era}`
  return { name: `start ${era}`, title, columns, rows, ...(wrong === undefined ? {} : { wrong }) }
}

interface Middle {
  readonly firstMs: number
  readonly callMs: number
  readonly cpuMs: number | undefined
  readonly idleBytes: number | undefined
}

function middle(starts: readonly Start[]): Middle {
  const idle = starts.flatMap(({ idleBytes }) => idleBytes ?? [])
  const kept = undisturbed(starts)
  const cpu = kept.flatMap(({ cpuMs }) => cpuMs ?? [])
  return {
    firstMs: median(kept.map(({ firstMs }) => firstMs)),
    callMs: median(kept.map(({ callMs }) => callMs)),
    cpuMs: cpu.length === 0 ? undefined : median(cpu),
    idleBytes: idle.length === 0 ? undefined : median(idle),
  }
}

async function commands({ rounds, cores }: RunOptions): Promise<Table> {
  return withCommands(async all => {
    const times = all.map((): number[] => [])
    for (let round = 0; round <= rounds; round += 1) {
      for (const [index, command] of all.entries()) {
        const ms = await timeCommand(command, cores)
        if (round > 0) times[index]?.push(ms)
      }
    }
    const [base] = times.map(median)
    const rows = all.map(({ name: contestant }, index) => {
      const ms = median(times[index] ?? [])
      return { contestant, timeRatio: ratio(ms, base), ms }
    })
    return { name: 'start command', title: 'The interlock command', columns: commandColumns, rows, note: commandNote }
  })
}

const columns = [
  { key: 'contestant', title: '' },
  { key: 'firstRatio', title: 'first answer × node -e', digits: 2 },
  { key: 'callRatio', title: 'first call × node -e', digits: 2 },
  { key: 'cpuRatio', title: 'CPU to first call × node -e', digits: 2 },
  { key: 'firstMs', title: 'first answer, ms' },
  { key: 'callMs', title: 'first call, ms' },
  { key: 'cpuMs', title: 'CPU ms' },
  { key: 'idle', title: 'idle, MiB above node -e', digits: 1 },
]

const commandColumns = [
  { key: 'contestant', title: '' },
  { key: 'timeRatio', title: 'time × node -e 0', digits: 2 },
  { key: 'ms', title: 'ms' },
]

const commandNote = 'Until the process has ended; `interlock up`, without servers, until it says where it listens.'
