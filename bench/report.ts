import { isClean, type Measured, type Window } from './measure.ts'

/** Figures of one contestant in one scenario; ratios are to the baseline of the same run. */
export interface Row {
  readonly contestant: string
  readonly reply: string
  /** Undefined where the operating system does not tell CPU times. */
  readonly cpuRatio: number | undefined
  readonly cpuMicroseconds: number | undefined
  readonly callsRatio: number
  readonly callsPerSecond: number
  readonly disturbed: number
  readonly keptWindows: number
  readonly windows: number
  readonly calls: number
  readonly wrong: number
  readonly firstWrong: string | undefined
}

/** Fewer undisturbed windows than this are no base for a median. */
const fewest = 3

/** Medians over the windows that were not disturbed. The baseline is the first. */
export function rows(measured: readonly Measured[]): Row[] {
  const figures = measured.map(figuresOf)
  const [base] = figures
  return figures.map(figure => {
    const cpuRatio = ratio(figure.cpuMicroseconds, base?.cpuMicroseconds)
    return { ...figure, cpuRatio, callsRatio: figure.callsPerSecond / (base?.callsPerSecond ?? NaN) }
  })
}

function figuresOf({ contestant, windows }: Measured): Omit<Row, 'cpuRatio' | 'callsRatio'> {
  const kept = undisturbed(windows)
  const cpu = kept.flatMap(({ cpuNs, calls }) => (cpuNs === undefined ? [] : [cpuNs / 1_000 / calls]))
  return {
    contestant: contestant.name,
    reply: contestant.reply,
    cpuMicroseconds: cpu.length === 0 ? undefined : median(cpu),
    callsPerSecond: median(kept.map(({ calls, ms }) => (calls / ms) * 1_000)),
    disturbed: median(kept.map(({ disturbed }) => disturbed)),
    keptWindows: kept.length,
    windows: windows.length,
    calls: sum(windows.map(({ calls }) => calls)),
    wrong: sum(windows.map(({ wrong }) => wrong)),
    firstWrong: windows.find(({ firstWrong }) => firstWrong !== undefined)?.firstWrong,
  }
}

/** The windows that were not disturbed; where there are hardly any, the less disturbed half. */
export function undisturbed(windows: readonly Window[]): Window[] {
  const sorted = [...windows].sort((one, other) => one.disturbed - other.disturbed)
  const clean = sorted.filter(isClean)
  return clean.length >= fewest ? clean : sorted.slice(0, Math.max(fewest, Math.ceil(sorted.length / 2)))
}

/** A Markdown table. */
export function table(found: readonly Row[]): string {
  const head = ['', 'reply', 'CPU × bare', 'calls/s × bare', 'CPU µs/call', 'calls/s', 'disturbed', 'windows', 'wrong']
  const lines = found.map(row => [
    row.contestant,
    row.reply,
    row.cpuRatio === undefined ? 'unavailable' : row.cpuRatio.toFixed(2),
    row.callsRatio.toFixed(2),
    row.cpuMicroseconds?.toFixed(1) ?? 'unavailable',
    Math.round(row.callsPerSecond).toLocaleString('en-US'),
    `${(row.disturbed * 100).toFixed(0)} %`,
    `${row.keptWindows} of ${row.windows}`,
    String(row.wrong),
  ])
  const rule = head.map((_, column) => (column < 2 ? '---' : '---:'))
  return [head, rule, ...lines].map(cells => `| ${cells.join(' | ')} |`).join('\n')
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other)
  const lower = sorted[Math.floor((sorted.length - 1) / 2)] ?? NaN
  const upper = sorted[Math.ceil((sorted.length - 1) / 2)] ?? NaN
  return (lower + upper) / 2
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

const ratio = (value: number | undefined, base: number | undefined): number | undefined =>
  value === undefined || base === undefined ? undefined : value / base
