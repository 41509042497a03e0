import { legacy, newest, type Revision, revisions } from '@interlock/protocol'
import type { Make } from './client-end.ts'
import type { Binding } from './doors.ts'
import type { Side } from './hop.ts'

interface Pair {
  readonly client: Side
  readonly server: Side
}

/** A client and a server, and what each of them has between itself and the gateway. */
export interface Route extends Pair {
  readonly near: Binding
  readonly far: Binding
  readonly depth: Depth
}

const side =
  (make: Make) =>
  (revision: Revision): Side => ({ make, revision })

const ours = revisions.map(side('own'))
/**
 * The libraries of both generations. The second is the first's successor, with the same code for sessions: there it is
 * tried in the newest revision that has them.
 */
const official = [...legacy.map(side('v1')), ...[newest, legacy[0] ?? newest].map(side('v2'))]

const pairs = (clients: readonly Side[], servers: readonly Side[]): Pair[] =>
  servers.flatMap(server => clients.map(client => ({ client, server })))

/** How much is tried: every feature; of the shapes of results only one of each kind; or what is particular to the wire. */
type Depth = 'all' | 'shown' | 'wire'

const over = (near: Binding, far: Binding, depth: Depth, all: readonly Pair[]): Route[] =>
  all.map(pair => ({ ...pair, near, far, depth }))

const [latest = newest] = legacy

const meets = ({ client, server }: Pair, ...some: readonly Revision[]): boolean =>
  some.includes(client.revision) || some.includes(server.revision)

const isSame = ({ client, server }: Pair): boolean => client.revision === server.revision

const own = pairs(ours, ours)
const ends = own.filter(pair => isSame(pair) && meets(pair, newest, latest))
/** Either library at one end: either is the client, or the server. */
const withOfficial = [...pairs(official, ours), ...pairs(ours, official)]
const isTelling = (pair: Pair): boolean => isSame(pair) || meets(pair, newest)

/**
 * All that is tried:
 *
 * - our own ends, every pair of revisions, over HTTP;
 * - our own ends over stdio on both sides, every pair with the newest revision at one end, so that each feature goes over
 *   stdio on either side, to and from each revision; and the newest with sessions with itself, for what only that has;
 * - one side on stdio and the other on HTTP, where both speak the newest revision, or both the newest with sessions;
 * - an official library at one end, over HTTP, where both ends speak the same revision or one of them the newest; and in
 *   every other pair of revisions what is particular to the wire;
 * - official libraries at both ends, over HTTP: what is particular to the wire, in every pair of revisions;
 * - an official library over stdio, with our own end, both of one revision: what is particular to the wire.
 */
export const routes: readonly Route[] = [
  ...over('http', 'http', 'all', own),
  ...over('stdio', 'stdio', 'all', [
    ...own.filter(pair => meets(pair, newest)),
    ...ends.filter(pair => !meets(pair, newest)),
  ]),
  ...over('stdio', 'http', 'all', ends),
  ...over('http', 'stdio', 'all', ends),
  ...over('http', 'http', 'shown', withOfficial.filter(isTelling)),
  ...over(
    'http',
    'http',
    'wire',
    withOfficial.filter(pair => !isTelling(pair)),
  ),
  ...over('http', 'http', 'wire', pairs(official, official)),
  ...over('stdio', 'http', 'wire', pairs(official, ours).filter(isSame)),
  ...over('http', 'stdio', 'wire', pairs(ours, official).filter(isSame)),
]

export const titleOf = ({ make, revision }: Side): string => `${make} ${revision.version}`
