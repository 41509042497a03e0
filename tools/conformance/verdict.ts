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

/**
 * What a run of the tool came to. It passed when the tool says so and something was looked at; it was skipped when
 * nothing but the form of the messages was, as for an extension that nobody declares.
 * @param checks undefined when the tool wrote none
 */
export function judge(exitCode: number, checks: readonly Check[] | undefined, stderr: string): Verdict {
  if (checks === undefined) return { outcome: 'failed', remarks: [lastLine(stderr)] }
  const remarks = checks
    .filter(({ status }) => status === 'FAILURE' || status === 'WARNING')
    .map(({ id, status, errorMessage, description }) => {
      const words = (errorMessage ?? description ?? '').replaceAll(/\s+/g, ' ').slice(0, 200)
      return `${status === 'WARNING' ? 'warning, ' : ''}${id}: ${words}`
    })
  const has = (status: Check['status']): boolean => checks.some(check => check.status === status)
  if (exitCode !== 0 || has('FAILURE')) {
    return { outcome: 'failed', remarks: remarks.length > 0 ? remarks : [lastLine(stderr)] }
  }
  const hasLooked = checks.some(({ id, status }) => status === 'SUCCESS' && id !== 'wire-schema-valid')
  const isPassed = hasLooked || (has('SUCCESS') && !has('SKIPPED'))
  return { outcome: isPassed ? 'passed' : 'skipped', remarks }
}

const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? 'the tool said nothing'
