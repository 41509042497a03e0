import type { Lifting, Lowering, Lowerings, Revision } from '../revision.ts'
import { table } from './table.ts'

/**
 * Joins the steps of neighbours, newest first, into what leads from the newest model straight to each revision. Done
 * once when the module is loaded, so a message runs at most one function, and none where no step has a row.
 */
export function compose(newest: Revision, ...older: readonly Revision[]): readonly [Revision, ...Revision[]] {
  let lower: Lowerings = newest.lower
  let lift: Readonly<Record<string, Lifting>> = newest.lift
  const composed: [Revision, ...Revision[]] = [newest]
  for (const folder of older) {
    lower = joinAll(lower, folder.lower)
    lift = joinTables(folder.lift, lift, (first, then) => (answer, asked) => then(first(answer, asked), asked))
    composed.push({ ...folder, lower, lift })
  }
  return composed
}

const after =
  (first: Lowering, then: Lowering): Lowering =>
  value =>
    then(first(value))

function joinAll(first: Lowerings, then: Lowerings): Lowerings {
  return {
    results: joinTables(first.results, then.results, after),
    requests: joinTables(first.requests, then.requests, after),
    notifications: joinTables(first.notifications, then.notifications, after),
    ...joined('capabilities', first.capabilities, then.capabilities),
    ...joined('info', first.info, then.info),
  }
}

function joined(name: 'capabilities' | 'info', first: Lowering | undefined, then: Lowering | undefined): Lowerings {
  const both = first && then ? after(first, then) : (first ?? then)
  return both ? { [name]: both } : {}
}

function joinTables<Row>(
  first: Readonly<Record<string, Row>> = {},
  then: Readonly<Record<string, Row>> = {},
  both: (first: Row, then: Row) => Row,
): Readonly<Record<string, Row>> {
  const rows: Record<string, Row> = { ...first }
  for (const [method, row] of Object.entries(then)) rows[method] = rows[method] ? both(rows[method], row) : row
  return table(rows)
}
