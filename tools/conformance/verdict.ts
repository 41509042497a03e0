/** One thing that the tool looked at. */
export interface Check {
  readonly id: string
  readonly status: 'SUCCESS' | 'FAILURE' | 'WARNING' | 'SKIPPED' | 'INFO'
  readonly description?: string
  readonly errorMessage?: string
}

export interface Verdict {
  readonly outcome: 'passed' | 'failed' | 'skipped'
  /** What was wrong, or might be better; one line each. */
  readonly remarks: readonly string[]
}

/** What a run ended with. */
export interface Ended {
  readonly exitCode: number
  /** Undefined when the tool wrote none. */
  readonly checks: readonly Check[] | undefined
  readonly stderr: string
}

/** Scenarios that the tool skips whatever it is shown: its own harness for them is out of date. */
const alwaysSkipped: ReadonlySet<string> = new Set(['tasks-status-notifications'])

/**
 * What a run of a scenario came to. It passed when the tool says so and something was looked at besides the form of the
 * messages. One that looked at nothing failed, since we declare all that the scenarios are about.
 */
export function judge(scenario: string, { exitCode, checks, stderr }: Ended): Verdict {
  if (checks === undefined) return { outcome: 'failed', remarks: [lastLine(stderr)] }
  const remarks = checks.filter(({ status }) => status === 'FAILURE' || status === 'WARNING').map(toRemark)
  const has = (status: Check['status']): boolean => checks.some(check => check.status === status)
  if (exitCode !== 0 || has('FAILURE')) {
    return { outcome: 'failed', remarks: remarks.length > 0 ? remarks : [lastLine(stderr)] }
  }
  const hasLooked = checks.some(({ id, status }) => status === 'SUCCESS' && id !== 'wire-schema-valid')
  if (hasLooked || (has('SUCCESS') && !has('SKIPPED'))) return { outcome: 'passed', remarks }
  if (alwaysSkipped.has(scenario)) return { outcome: 'skipped', remarks }
  const skipped = checks.filter(({ status }) => status === 'SKIPPED').map(toRemark)
  return { outcome: 'failed', remarks: skipped.length > 0 ? skipped : ['the tool looked at nothing'] }
}

const notes: Partial<Record<Check['status'], string>> = { WARNING: 'warning, ', SKIPPED: 'skipped, ' }

function toRemark({ id, status, errorMessage, description }: Check): string {
  const words = (errorMessage ?? description ?? '').replaceAll(/\s+/g, ' ').slice(0, 200)
  return `${notes[status] ?? ''}${id}: ${words}`
}

const lastLine = (text: string): string => text.trim().split('\n').at(-1) || 'the tool said nothing'
