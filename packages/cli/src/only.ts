import type { ServerSpec } from '@interlock/gateway'
import { nearest } from '@interlock/protocol'
import type { Configured } from './configured.ts'
import { CommandError } from './exit.ts'

/**
 * The one server named, or all.
 * @throws CommandError for one that is not in the configuration, is disabled there, or was left out because of a mistake
 */
export function only({ servers, faulty, file }: Configured, name: string | undefined): readonly ServerSpec[] {
  if (name === undefined) return servers
  const found = servers.find(server => server.name === name)
  if (found?.disabled) throw new CommandError(`server "${name}" is disabled in ${file}; remove "disabled" to use it`)
  if (found !== undefined) return [found]
  if (faulty.has(name)) throw new CommandError(`server "${name}" was left out because of the mistake above`)
  const names = [...servers.map(server => server.name), ...faulty.keys()]
  const meant = nearest(name, names)
  const hint = meant === undefined ? `there are: ${names.join(', ') || 'none'}` : `did you mean "${meant}"?`
  throw new CommandError(`the configuration has no server "${name}"; ${hint}`)
}
