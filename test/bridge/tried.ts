import type { FeatureName } from '../../tools/bridge/table.ts'
import type { Route } from './routes.ts'

/** What the official libraries are tried with in every pair of revisions: what is particular to their wire. */
const wire: ReadonlySet<FeatureName> = new Set<FeatureName>([
  'calls of tools',
  'errors of tools',
  'errors of the protocol, with code and data',
  'progress',
  'cancellation by the client',
  'changes of lists',
  'elicitation by form: accept, decline, cancel',
  'sampling',
  'roots',
  'images',
  'audio',
  'resource links',
  'embedded text',
  'structured content without text',
])

/** Of the shapes of what servers send, one of each kind: between our own ends all of them are tried. */
const shapes: ReadonlySet<FeatureName> = new Set<FeatureName>([...wire, 'titles of tools', 'content of prompts'])

/** Features that a library at one of the ends has not, or does not tell its host of. */
const lacks: Readonly<Partial<Record<FeatureName, (route: Route) => boolean>>> = {
  // They have tasks, each in words of its own: test/task-peers.test.ts and its neighbours try those.
  tasks: ({ client, server }) => client.make !== 'own' || server.make !== 'own',
  // They do not pass it on to what they offer.
  'changes of roots': ({ client, server }) => client.make !== 'own' || server.make !== 'own',
  // Over stdio they read all steps together with the result, and then have nobody to tell.
  progress: ({ client, near }) => client.make !== 'own' && near === 'stdio',
  // The second generation goes on with its host's question when the call is cancelled.
  'cancellation by the client, while it is being asked': isStatelessV2,
  // The second generation does not read an error from an answer with the status 404.
  'methods of unknown extensions': isStatelessV2,
  // The first generation declares none.
  'capabilities of unknown extensions, of clients': ({ client }) => client.make === 'v1',
}

function isStatelessV2({ client: { make, revision } }: Route): boolean {
  return make === 'v2' && revision.features.era === 'modern'
}

/** Whether a feature is tried on a route. */
export function isTried(name: FeatureName, isShape: boolean, route: Route): boolean {
  if (lacks[name]?.(route) === true) return false
  if (route.depth === 'wire') return wire.has(name)
  return route.depth === 'all' || !isShape || shapes.has(name)
}
