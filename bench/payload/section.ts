import type { Section } from '../section.ts'
import { ratio, type Table } from '../table.ts'
import { type Case, cases, words } from './cases.ts'
import { type Found, measure } from './measure.ts'

/** What large texts cost a server in time and memory. */
export const payload: Section = {
  name: 'payload',
  about: 'texts of 1 MB and 10 MB as arguments and results: time, CPU, and memory above idle',
  words,
  async *run(chosen, options) {
    for (const which of cases(chosen, options.only)) yield report(which, await measure(which, options))
  },
}

function report({ name, title, bytes, contestants }: Case, all: readonly Found[]): Table {
  const [base] = all
  const rows = contestants.map(({ name: contestant }, index) => {
    const found = all[index]
    if (found === undefined || found.refused !== undefined) return { contestant, refused: said(found?.refused) }
    return {
      contestant,
      timeRatio: ratio(found.ms, base?.ms),
      megabytesPerSecond: bytes / 1e6 / (found.ms / 1_000),
      cpuRatio: ratio(found.cpuMs, base?.cpuMs),
      cpuMs: found.cpuMs,
      first: ratio(found.firstBytes, bytes),
      later: ratio(found.laterBytes, bytes),
      refused: '',
    }
  })
  const wrong = all.find(found => found.wrong !== undefined)?.wrong
  return { name: `payload ${name}`, title, columns, rows, note, ...(wrong === undefined ? {} : { wrong }) }
}

/** What a contestant said, without the bars that would end a cell of the table. */
const said = (words = ''): string => words.replaceAll(/\s+/g, ' ').replaceAll('|', '/').slice(0, 120)

const columns = [
  { key: 'contestant', title: '' },
  { key: 'timeRatio', title: 'time × bare', digits: 2 },
  { key: 'megabytesPerSecond', title: 'MB/s' },
  { key: 'cpuRatio', title: 'CPU × bare', digits: 2 },
  { key: 'cpuMs', title: 'CPU ms/call', digits: 1 },
  { key: 'first', title: 'memory of the first, × message', digits: 1 },
  { key: 'later', title: 'memory of many, × message', digits: 1 },
  { key: 'refused', title: 'refuses' },
]

const note =
  'Memory: the most that the process held above idle, for the first message it got, and for about twenty times the megabytes ' +
  'that followed, garbage that was not collected yet included. Every contestant has its default limits; those of ' +
  'Interlock take messages of up to 16 MiB.'
