export interface Column {
  readonly key: string
  readonly title: string
  /** Digits after the point of a number; a text is shown as it is. */
  readonly digits?: number
}

/** Figures with the words to show them by. Written to JSON as it is. */
export interface Table {
  /** Stable: a table measured again takes the place of the one with its name. For example `calls http modern add`. */
  readonly name: string
  readonly title: string
  /** The first one names the contestant. */
  readonly columns: readonly Column[]
  readonly rows: readonly TableRow[]
  /** Sentences below the table: what a figure does not say. */
  readonly note?: string
  /** Set when a contestant gave a wrong answer: the run has failed. */
  readonly wrong?: string
}

export type TableRow = Readonly<Record<string, string | number | undefined>>

/** The table as Markdown, without its title. What could not be measured is `unavailable`. */
export function markdown({ columns, rows, note }: Table): string {
  const isText = ({ key }: Column): boolean => rows.every(row => typeof row[key] === 'string')
  const lines = [
    columns.map(({ title }) => title),
    columns.map(column => (isText(column) ? '---' : '---:')),
    ...rows.map(row => columns.map(column => cell(row[column.key], column.digits ?? 0))),
  ].map(cells => `| ${cells.join(' | ')} |`)
  return note === undefined ? lines.join('\n') : `${lines.join('\n')}\n\n${note}`
}

function cell(value: string | number | undefined, digits: number): string {
  if (typeof value === 'string') return value
  if (value === undefined || Number.isNaN(value)) return 'unavailable'
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other)
  const lower = sorted[Math.floor((sorted.length - 1) / 2)] ?? NaN
  const upper = sorted[Math.ceil((sorted.length - 1) / 2)] ?? NaN
  return (lower + upper) / 2
}

/** Of what was measured to a baseline; undefined where either is. */
export const ratio = (value: number | undefined, base: number | undefined): number | undefined =>
  value === undefined || base === undefined ? undefined : value / base
