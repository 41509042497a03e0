import type { Written } from '../definitions/definitions.ts'
import type { Lifting, Lowering, Lowerings, Revision } from '../revision.ts'
import { type Side, sides } from './side.ts'
import { table } from './table.ts'

/** What the folder of a revision holds: what differs from the next newer one. */
export interface Folder extends Pick<Revision, 'version' | 'features' | 'lower' | 'lift'> {
  /** One a line, see `readMethods`. */
  readonly methods: string
  readonly serverReceives: Written
}

/**
 * Joins the steps of neighbours, newest first, into what leads from the newest model straight to each revision. Done
 * once when the module is loaded, so a message runs at most one function, and none where no step has a row.
 */
export function compose(folders: readonly [Folder, ...Folder[]]): readonly [Revision, ...Revision[]] {
  const [newest, ...older] = folders
  const [first, ...others] = sides(folders, ({ serverReceives }) => [serverReceives])
  let { lower, lift } = newest
  const composed: [Revision, ...Revision[]] = [revisionOf(newest, first, lower, lift)]
  for (const [at, folder] of older.entries()) {
    const side = others[at]
    if (side === undefined) throw new Error('a revision has no definitions')
    lower = joinAll(lower, folder.lower)
    lift = joinTables(folder.lift, lift, (first, then) => (answer, asked) => then(first(answer, asked), asked))
    composed.push(revisionOf(folder, side, lower, lift))
  }
  return composed
}

function revisionOf(
  { version, features }: Folder,
  side: Side,
  lower: Lowerings,
  lift: Readonly<Record<string, Lifting>>,
): Revision {
  return {
    version,
    features,
    lower,
    lift,
    get requests() {
      return side.requests
    },
    get notifications() {
      return side.notifications
    },
    entries: { ContentBlock: side.check('ContentBlock') },
    shape: definition => side.shape(definition),
  }
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
