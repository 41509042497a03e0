import type { ServerSpec } from '@interlock/gateway'
import { nearest } from '@interlock/protocol'
import { CommandError } from './exit.ts'

/**
 * The one server named, or all.
 * @throws CommandError for a name that the configuration does not have
 */
export function only(servers: readonly ServerSpec[], name: string | undefined): readonly ServerSpec[] {
  if (name === undefined) return servers
  const found = servers.find(server => server.name === name)
  // Who asks for a server by its name wants it, though it be disabled.
  if (found !== undefined) return [{ ...found, disabled: false }]
  const names = servers.map(server => server.name)
  const meant = nearest(name, names)
  const hint = meant === undefined ? `there are: ${names.join(', ') || 'none'}` : `did you mean "${meant}"?`
  throw new CommandError(`the configuration has no server "${name}"; ${hint}`)
}
