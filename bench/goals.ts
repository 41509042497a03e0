import type { Figures } from './figures.ts'
import type { Table, TableRow } from './table.ts'

/** What a figure shall not exceed. */
export interface Goal {
  readonly path: string
  /** The table, the cell that names its row, and the key of the column. */
  readonly table: string
  readonly row: string
  readonly column: string
  readonly atMost: number
  /** What the figure counts. */
  readonly unit: string
}

const cpu = { column: 'cpuRatio', unit: '× bare CPU' }
const zod = 'interlock, zod'

export const goals: readonly Goal[] = [
  { path: 'HTTP, modern', table: 'calls http modern add', row: zod, ...cpu, atMost: 1.6 },
  { path: 'HTTP, modern, event stream', table: 'calls http modern steps', row: zod, ...cpu, atMost: 1.6 },
  { path: 'HTTP, legacy session', table: 'calls http legacy add', row: zod, ...cpu, atMost: 1.4 },
  { path: 'HTTP, legacy session, event stream', table: 'calls http legacy steps', row: zod, ...cpu, atMost: 1.6 },
  { path: 'stdio, legacy', table: 'calls stdio legacy add', row: zod, ...cpu, atMost: 1.2 },
  { path: 'stdio, modern', table: 'calls stdio modern add', row: zod, ...cpu, atMost: 1.9 },
  { path: 'stdio, legacy, 10 KiB result', table: 'calls stdio legacy text10k', row: zod, ...cpu, atMost: 1.2 },
  { path: 'stdio, modern, 10 KiB result', table: 'calls stdio modern text10k', row: zod, ...cpu, atMost: 1.2 },
  {
    path: 'idle legacy session with its stream',
    table: 'sessions idle',
    row: 'interlock',
    column: 'heap',
    atMost: 8,
    unit: 'KB of heap',
  },
  {
    path: 'minimal stdio server, bundled and minified',
    table: 'size bundle',
    row: 'interlock, no schema library',
    column: 'kilobytes',
    atMost: 60,
    unit: 'KB',
  },
  {
    path: 'installation of a server',
    table: 'size install',
    row: '@interlock/server',
    column: 'kilobytes',
    atMost: 1000,
    unit: 'KB',
  },
]

/** The goals beside what was measured last; one whose table was never measured is `unavailable`. */
export function goalsTable(figures: Figures): Table {
  const rows = goals.map((goal): TableRow => {
    const measured = figureOf(goal, figures)
    const met = measured === undefined ? '' : measured <= goal.atMost ? 'yes' : 'no'
    return { path: goal.path, goal: `≤ ${goal.atMost} ${goal.unit}`, measured, met }
  })
  const columns = [
    { key: 'path', title: '' },
    { key: 'goal', title: 'goal' },
    { key: 'measured', title: 'measured', digits: 2 },
    { key: 'met', title: 'met' },
  ]
  return { name: 'goals', title: 'Goals', columns, rows }
}

function figureOf({ table, row, column }: Goal, { tables }: Figures): number | undefined {
  const found = tables.find(({ name }) => name === table)?.rows.find(cells => Object.values(cells).includes(row))
  const figure = found?.[column]
  return typeof figure === 'number' ? figure : undefined
}
