import { type Era, versions } from '../load/messages.ts'
import { type Workload, workloads } from '../load/workloads.ts'
import { bare, type Contestant, contestants, type Transport } from './contestants.ts'

/** What is compared with each other: one tool over one transport in one era. */
export interface Scenario {
  /** For example `http modern add`. */
  readonly name: string
  readonly title: string
  readonly transport: Transport
  readonly era: Era
  readonly workload: Workload
  /** The baseline first. */
  readonly contestants: readonly [Contestant, ...Contestant[]]
}

const transports: readonly Transport[] = ['http', 'stdio']
const eras: readonly Era[] = ['modern', 'legacy']

/** Words that choose scenarios, by kind. */
export const kinds: readonly (readonly string[])[] = [transports, eras, workloads.map(({ tool }) => tool)]

/**
 * The scenarios that these words choose: of each kind those named, or all when none is. They have the baseline and the
 * contestants whose names contain `only`. None for a word that is of no kind.
 */
export function scenarios(words: readonly string[], only: string): Scenario[] {
  if (!words.every(word => kinds.flat().includes(word))) return []
  const isChosen = (name: string): boolean =>
    words.includes(name) || !words.some(word => kinds.some(kind => kind.includes(name) && kind.includes(word)))
  return transports
    .flatMap(transport => eras.flatMap(era => workloads.map(workload => scenario(transport, era, workload))))
    .filter(({ transport, era, workload }) => [transport, era, workload.tool].every(isChosen))
    .map(found => ({ ...found, contestants: narrowed(found.contestants, only) }))
}

function narrowed([baseline, ...others]: Scenario['contestants'], only: string): Scenario['contestants'] {
  return [baseline, ...others.filter(({ name }) => name.includes(only))]
}

function scenario(transport: Transport, era: Era, workload: Workload): Scenario {
  const needsStream = transport === 'http' && workload.notifications > 0
  const taking = contestants.filter(
    contestant =>
      contestant.transport === transport && contestant.era === era && !(needsStream && contestant.reply === 'json'),
  )
  const [baseline, ...others] = taking
  if (baseline?.name !== bare) throw new TypeError(`the first row of ${transport} ${era} must be "${bare}"`)
  return {
    name: `${transport} ${era} ${workload.tool}`,
    title: `\`${workload.tool}\` over ${transport}, ${era} (${versions[era]})`,
    transport,
    era,
    workload,
    contestants: [baseline, ...others],
  }
}
