import { type ClientCapabilities, isExtensionId, tasksExtension } from '@interlock/protocol'
import type { HostCallbacks, HostOptions } from './host.ts'

/**
 * What a host can be asked, and which extensions it knows.
 * @throws TypeError for an extension whose name cannot be one, or that is not declared so
 */
export function declared(options: HostOptions): ClientCapabilities {
  const { extensions } = options
  const capabilities = options.capabilities ?? impliedBy(options)
  if (extensions === undefined) return capabilities
  for (const id of Object.keys(extensions)) {
    if (!isExtensionId(id))
      throw new TypeError(`extension "${id}" needs a name with a prefix, such as com.example/rooms`)
    if (id === tasksExtension) throw new TypeError(`extension "${id}" is declared with "takesTasks", not by its name`)
  }
  // Revisions with sessions have no such member, and allow it: it is where their servers look (MCP Apps, 2026-01-26).
  return { ...capabilities, extensions: { ...capabilities.extensions, ...extensions } }
}

/**
 * The same as a session is told: also that the client will tell of other roots (specification, revisions with sessions:
 * Roots, Capabilities), and which questions it answers as tasks (2025-11-25: Tasks, Client Capabilities).
 */
export function declaredInSessions(options: HostOptions): ClientCapabilities {
  const capabilities = declared(options)
  const { elicitation, sampling, roots } = capabilities
  const tellsOfRoots = options.capabilities === undefined && roots !== undefined
  const requests = {
    ...(elicitation === undefined ? {} : { elicitation: { create: {} } }),
    ...(sampling === undefined ? {} : { sampling: { createMessage: {} } }),
  }
  return {
    ...capabilities,
    ...(tellsOfRoots ? { roots: { listChanged: true } } : {}),
    ...(options.questionTasks ? { tasks: { list: {}, cancel: {}, requests } } : {}),
  }
}

function impliedBy({ onElicit, elicitUrl, onSample, sampleTools, onRoots }: HostCallbacks): ClientCapabilities {
  return {
    ...(onElicit === undefined ? {} : { elicitation: elicitUrl ? { form: {}, url: {} } : { form: {} } }),
    ...(onSample === undefined ? {} : { sampling: sampleTools ? { tools: {} } : {} }),
    ...(onRoots === undefined ? {} : { roots: {} }),
  }
}

const withTasks = new WeakMap<ClientCapabilities, ClientCapabilities>()

/** Capabilities with that of taking tasks, which this client looks after itself. */
export function takingTasks(capabilities: ClientCapabilities): ClientCapabilities {
  const known = withTasks.get(capabilities)
  if (known !== undefined) return known
  const made = { ...capabilities, extensions: { ...capabilities.extensions, [tasksExtension]: {} } }
  withTasks.set(capabilities, made)
  return made
}
