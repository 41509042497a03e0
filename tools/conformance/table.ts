import type { Leg } from './listing.ts'
import type { Verdict } from './verdict.ts'

/** What one scenario came to at one version. */
export interface Result extends Verdict {
  readonly leg: Leg
  readonly scenario: string
}

const words = { passed: 'ok', failed: 'FAILED', skipped: 'skipped' } as const

/**
 * One table of all results: a row for each scenario, a column for each version, and below a row what the tool had to
 * remark on it. A scenario has no word under a version that it does not run at.
 */
export function tableOf(results: readonly Result[]): string {
  const versions = [...new Set(results.map(({ leg }) => leg.version))].toSorted()
  const nameWidth = Math.max(0, ...results.map(({ scenario }) => scenario.length))
  const line = (name: string, cells: readonly string[]): string =>
    [name.padEnd(nameWidth + 2), ...cells.map(cell => cell.padEnd(10))].join('  ').trimEnd()
  const blocks = [...new Set(results.map(kindOf))].map(kind => {
    const own = results.filter(result => kindOf(result) === kind)
    const at = (version: string): Result[] => own.filter(({ leg }) => leg.version === version)
    const rows = [...new Set(own.map(({ scenario }) => scenario))].flatMap(scenario => [
      line(
        `  ${scenario}`,
        versions.map(version => at(version).find(result => result.scenario === scenario)).map(wordOf),
      ),
      ...remarksOn(own.filter(result => result.scenario === scenario)),
    ])
    return [line(kind, versions), ...rows, line('  passed', versions.map(at).map(share))].join('\n')
  })
  return blocks.join('\n\n')
}

const kindOf = ({ leg }: Result): string => (leg.isExtension ? `${leg.side}, extensions` : leg.side)

const wordOf = (result: Result | undefined): string => (result === undefined ? '' : words[result.outcome])

const share = (results: readonly Result[]): string =>
  results.length === 0 ? '' : `${count(results, 'passed')} of ${results.length}`

const remarksOn = (results: readonly Result[]): string[] =>
  results.flatMap(({ leg, remarks }) => remarks.map(remark => `      ${leg.version}  ${remark}`))

/** How many results of a kind there are. */
export const count = (results: readonly Result[], outcome: Verdict['outcome']): number =>
  results.filter(result => result.outcome === outcome).length
