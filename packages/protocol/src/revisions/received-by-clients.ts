import type { Check, ClientChecks, Entries, Revision } from '../revision.ts'
import { clientParts } from './client-parts.ts'
import { folders } from './folders.ts'
import { type Side, sides } from './side.ts'
import type { Version } from './version.ts'

let made: ReadonlyMap<Version, ClientChecks> | undefined

/**
 * The checks of what clients receive from servers of a revision: results, what servers ask, and entries of lists. They
 * are not in `Revision`, because then every server would carry them.
 */
export function receivedByClients({ version }: Pick<Revision, 'version'>): ClientChecks {
  made ??= makeAll()
  const checks = made.get(version)
  if (checks === undefined) throw new TypeError(`${JSON.stringify(version)} is no revision`)
  return checks
}

function makeAll(): ReadonlyMap<Version, ClientChecks> {
  const all = sides(folders, ({ version, serverReceives }) => [serverReceives, clientParts[version]])
  return new Map(
    folders.flatMap(({ version }, at) => {
      const side = all[at]
      return side === undefined ? [] : [[version, checksOf(side)] as const]
    }),
  )
}

const checksOf = (side: Side): ClientChecks => ({
  get requests() {
    return side.requests
  },
  get notifications() {
    return side.notifications
  },
  shape: definition => side.shape(definition),
  entries: entriesOf(side),
})

function entriesOf(side: Side): Entries {
  const some = (name: 'CreateTaskResult' | 'InputRequiredResult'): Readonly<Record<string, Check>> =>
    side.has(name) ? { [name]: side.check(name) } : {}
  return {
    Tool: side.check('Tool'),
    Resource: side.check('Resource'),
    ResourceTemplate: side.check('ResourceTemplate'),
    Prompt: side.check('Prompt'),
    ContentBlock: side.check('ContentBlock'),
    ...some('CreateTaskResult'),
    ...some('InputRequiredResult'),
  }
}
