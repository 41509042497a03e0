import { type ClientCapabilities, tasksExtension } from '@interlock/protocol'

const withTasks = new WeakMap<ClientCapabilities, ClientCapabilities>()

/** Capabilities with that of taking tasks, which this client looks after itself. */
export function takingTasks(capabilities: ClientCapabilities): ClientCapabilities {
  const known = withTasks.get(capabilities)
  if (known !== undefined) return known
  const made = { ...capabilities, extensions: { ...capabilities.extensions, [tasksExtension]: {} } }
  withTasks.set(capabilities, made)
  return made
}
