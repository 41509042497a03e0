import type { Figures } from './figures.ts'
import type { Table, TableRow } from './table.ts'

/** What a figure shall not exceed. */
export interface Goal {
  readonly path: string
  readonly table: string
  /** Cells by which its row is known. */
  readonly row: readonly (string | number)[]
  /** The key of the column. */
  readonly column: string
  readonly atMost: number
  /** What the figure counts. */
  readonly unit: string
}

const cpu = { column: 'cpuRatio', unit: '× bare CPU' }
const zod = ['interlock, zod']
const lean = { row: ['interlock'], column: 'cpuRatio', unit: '× lean CPU', atMost: 1.5 }
const up = ['interlock up, legacy upstream']

export const goals: readonly Goal[] = [
  { path: 'HTTP, modern', table: 'calls http modern add', row: zod, ...cpu, atMost: 1.6 },
  { path: 'HTTP, modern, event stream', table: 'calls http modern steps', row: zod, ...cpu, atMost: 1.6 },
  { path: 'HTTP, legacy session', table: 'calls http legacy add', row: zod, ...cpu, atMost: 1.4 },
  { path: 'HTTP, legacy session, event stream', table: 'calls http legacy steps', row: zod, ...cpu, atMost: 1.6 },
  { path: 'stdio, legacy', table: 'calls stdio legacy add', row: zod, ...cpu, atMost: 1.2 },
  { path: 'stdio, modern', table: 'calls stdio modern add', row: zod, ...cpu, atMost: 1.9 },
  { path: 'stdio, legacy, 10 KiB result', table: 'calls stdio legacy text10k', row: zod, ...cpu, atMost: 1.2 },
  { path: 'stdio, modern, 10 KiB result', table: 'calls stdio modern text10k', row: zod, ...cpu, atMost: 1.2 },
  { path: 'HTTP, modern, JWT', table: 'auth http modern add', row: ['interlock, JWT'], ...cpu, atMost: 2.2 },
  { path: 'client, null transport, legacy, 1 in flight', table: 'client null legacy single', ...lean },
  { path: 'client, null transport, modern, 1 in flight', table: 'client null modern single', ...lean },
  { path: 'client, stdio, legacy, 32 in flight', table: 'client stdio legacy many', ...lean },
  { path: 'client, stdio, modern, 32 in flight', table: 'client stdio modern many', ...lean },
  { path: 'client, HTTP, legacy, 32 in flight', table: 'client http legacy json many', ...lean },
  { path: 'client, HTTP, modern, 32 in flight', table: 'client http modern json many', ...lean },
  {
    path: 'gateway, legacy clients',
    table: 'gateway front-legacy',
    row: up,
    column: 'ownRatio',
    atMost: 1.5,
    unit: '× direct CPU',
  },
  {
    path: 'gateway, modern clients',
    table: 'gateway front-modern',
    row: up,
    column: 'ownRatio',
    atMost: 1.5,
    unit: '× direct CPU',
  },
  {
    path: 'gateway, added latency on one connection',
    table: 'gateway front-legacy',
    row: up,
    column: 'addedMs',
    atMost: 0.1,
    unit: 'ms',
  },
  {
    path: 'gateway, 10 MB result',
    table: 'gateway 10 MB',
    row: ['interlock up, legacy upstream', 'legacy'],
    column: 'ownRatio',
    atMost: 1.3,
    unit: '× copying CPU',
  },
  {
    path: '10 MB as arguments, HTTP',
    table: 'payload http 10mb arguments',
    row: zod,
    column: 'timeRatio',
    atMost: 1.5,
    unit: '× bare time',
  },
  {
    path: '10 MB as results, HTTP',
    table: 'payload http 10mb results',
    row: zod,
    column: 'timeRatio',
    atMost: 1.5,
    unit: '× bare time',
  },
  {
    path: 'tools/list of 1,000 tools, legacy',
    table: 'catalogue list legacy 1000',
    row: ['interlock'],
    column: 'ratio',
    atMost: 1.3,
    unit: '× bare CPU',
  },
  {
    path: 'tools/list of 1,000 tools, modern',
    table: 'catalogue list modern 1000',
    row: ['interlock'],
    column: 'ratio',
    atMost: 1.3,
    unit: '× bare CPU',
  },
  {
    path: 'tools/call on a server with 1,000 tools',
    table: 'catalogue call modern',
    row: ['interlock', 1_000],
    column: 'growth',
    atMost: 1.1,
    unit: '× with 16 tools',
  },
  {
    path: 'stdio clients that do not read',
    table: 'slow-readers stdio',
    row: ['interlock'],
    column: 'above',
    atMost: 150,
    unit: 'MB above idle',
  },
  {
    path: 'first answer of a stdio server, legacy',
    table: 'start legacy',
    row: ['interlock, no schema library'],
    column: 'firstRatio',
    atMost: 1.2,
    unit: '× node -e',
  },
  {
    path: 'idle stdio server',
    table: 'start legacy',
    row: ['interlock, no schema library'],
    column: 'idle',
    atMost: 4,
    unit: 'MiB above Node',
  },
  {
    path: 'idle legacy session with its stream',
    table: 'sessions idle',
    row: ['interlock', 10_000],
    column: 'heap',
    atMost: 8,
    unit: 'KB of heap',
  },
  {
    path: 'minimal stdio server, bundled and minified',
    table: 'size bundle',
    row: ['interlock, no schema library'],
    column: 'kilobytes',
    atMost: 60,
    unit: 'KB',
  },
  {
    path: 'installation of a server',
    table: 'size install',
    row: ['@interlock/server'],
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

/** What was measured last; undefined where nothing was. */
export function figureOf({ table, row, column }: Goal, { tables }: Figures): number | undefined {
  const isRow = (cells: TableRow): boolean => row.every(cell => Object.values(cells).includes(cell))
  const found = tables.find(({ name }) => name === table)?.rows.find(isRow)
  const figure = found?.[column]
  return typeof figure === 'number' ? figure : undefined
}
