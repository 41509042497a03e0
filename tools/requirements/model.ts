/** How much the specification asks (BCP 14; REQUIRED and SHALL count as MUST). */
export type Level = 'MUST' | 'MUST NOT' | 'SHOULD' | 'SHOULD NOT'

export const levels: readonly Level[] = ['MUST', 'MUST NOT', 'SHOULD', 'SHOULD NOT']

/** A test that fails when the requirement is broken. */
export interface Shown {
  readonly kind: 'shown'
  readonly file: string
  /** As the source has it; with `suite > ` in front where a file has several tests of one title. */
  readonly title: string
  /** Which row of a table of tests it is: a text of that row. */
  readonly row: string | undefined
}

/** Why there is no test, or why it does not show everything. */
export interface Reason {
  readonly kind: 'choice' | 'not applicable' | 'not tested'
  readonly why: string
}

export type Evidence = Shown | Reason

/** One normative sentence at one level. A sentence that uses two levels is two rows. */
export interface Row {
  readonly level: Level
  /** Heading on the page; empty before the first one. */
  readonly section: string
  /** What it asks, in our own words. */
  readonly words: string
  readonly evidence: readonly Evidence[]
}

export type Counts = Readonly<Record<Level, number>>

/** A page of the specification. */
export interface Page {
  /** Below the root of the revision; empty for the root itself. */
  readonly path: string
  readonly title: string
  /** Normative sentences on the page per level, as counted in its text. */
  readonly counted: Counts
  readonly rows: readonly Row[]
}

type Make = (section: string, words: string, ...evidence: readonly Evidence[]) => Row

const row =
  (level: Level): Make =>
  (section, words, ...evidence) => ({ level, section, words, evidence })

export const must: Make = row('MUST')
export const mustNot: Make = row('MUST NOT')
export const should: Make = row('SHOULD')
export const shouldNot: Make = row('SHOULD NOT')

/** Normative sentences of a page: MUST, MUST NOT, SHOULD, SHOULD NOT. */
export const counts = (
  mustCount: number,
  mustNotCount: number,
  shouldCount: number,
  shouldNotCount: number,
): Counts => ({
  MUST: mustCount,
  'MUST NOT': mustNotCount,
  SHOULD: shouldCount,
  'SHOULD NOT': shouldNotCount,
})

/** Cites tests of one file. */
export const testsOf =
  (file: string): ((title: string, row?: string) => Shown) =>
  (title, of) => ({ kind: 'shown', file, title, row: of })

/** It is for whoever builds a host, or writes a server, to do: the library leaves it to them. */
export const choice = (why: string): Reason => ({ kind: 'choice', why })
export const notApplicable = (why: string): Reason => ({ kind: 'not applicable', why })
export const untested = (why: string): Reason => ({ kind: 'not tested', why })

export type Status = 'shown' | 'partly shown' | Reason['kind']

/** Shown is what a test shows in full, but for what is left to the host. */
export function statusOf({ evidence }: Row): Status {
  const isShown = evidence.some(({ kind }) => kind === 'shown')
  const isIncomplete = evidence.some(({ kind }) => kind === 'not tested')
  if (isShown) return isIncomplete ? 'partly shown' : 'shown'
  if (evidence.some(({ kind }) => kind === 'not tested')) return 'not tested'
  return evidence[0]?.kind ?? 'not tested'
}
