export const upstreamLimits: {
  readonly startupMs: number
  readonly requestMs: number
  readonly waitMs: number
  readonly hurryMs: number
  readonly refreshMs: number
  readonly freshenMs: number
  readonly levelMs: number
  readonly watchMs: number
  readonly drainMs: number
  readonly closeMs: number
  readonly loginMs: number
  readonly templates: number
  readonly users: number
  readonly userIdleMs: number
} = {
  /** Time for a server to start and say all that it offers; `npx` may have to download it first. */
  startupMs: 60_000,
  /** Time for any other request; progress extends it. */
  requestMs: 60_000,
  /** How long a call waits for its server to be started again. */
  waitMs: 10_000,
  /** A server that is down and asked for is started again at most this often, whatever its backoff. */
  hurryMs: 1_000,
  /** A list that changes is read at most this often: nobody notices the wait, and a storm of changes costs little. */
  refreshMs: 200,
  /** How long who asks for a list waits for one whose time is over; then the last one is given. A sound server is faster. */
  freshenMs: 2_000,
  /** How long the first call that wants more log messages waits until its server knows. It answers in milliseconds. */
  levelMs: 1_000,
  /** How long who subscribes to a resource waits for its server's answer. Clients are patient for longer than that. */
  watchMs: 5_000,
  /** How long calls in flight may go on at a remote server that new ones cannot reach. As long as a call without a sign. */
  drainMs: 60_000,
  /** Time for telling a server that its session is over; its process has time of its own. */
  closeMs: 3_000,
  /** How long a server that needs a login waits for one before it is asked again whether it still does. */
  loginMs: 60_000,
  /** Templates of one server: each costs a match for every URI that is in no list. Real servers have a handful. */
  templates: 200,
  /** Users who have connections of their own at once: each costs a connection to every such server. */
  users: 200,
  /** How long connections of a user's own stay without a call or a subscription: a pause for thought, not for lunch. */
  userIdleMs: 10 * 60_000,
}
