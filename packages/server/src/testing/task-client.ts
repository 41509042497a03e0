import { revisions, tasksExtension } from '@interlock/protocol'
import type { Server } from '../index.ts'
import { type Peer, type PeerOptions, peer } from './peer.ts'

type Revision = (typeof revisions)[number]
type Row = readonly [version: string, revision: Revision]

const form = (features: 'core' | 'extension'): readonly Row[] =>
  revisions.filter(revision => revision.features.tasks === features).map(r => [r.version, r] as const)
export const core: readonly Row[] = form('core')
export const extension: readonly Row[] = form('extension')
export const both: readonly Row[] = [...extension, ...core]

export const takesTasks: object = {
  extensions: { [tasksExtension]: {} },
  elicitation: { form: {} },
  sampling: {},
  roots: {},
}

/** What a client does with tasks, in the words of its revision. */
export class TaskClient {
  readonly peer: Peer
  readonly isCore: boolean

  constructor(client: Peer) {
    this.peer = client
    this.isCore = client.revision.features.tasks === 'core'
  }

  async start(name: string, more: object = {}): Promise<Record<string, unknown>> {
    const params = { name, arguments: {}, ...(this.isCore ? { task: {} } : {}), ...more }
    const result = await this.peer.once('tools/call', params)
    return this.isCore ? (result['task'] as Record<string, unknown>) : result
  }

  get(taskId: unknown) {
    return this.peer.once('tasks/get', { taskId })
  }

  cancel(taskId: unknown) {
    return this.peer.once('tasks/cancel', { taskId })
  }

  /** Looks until the task is as wanted. */
  async until(taskId: unknown, ...statuses: string[]): Promise<Record<string, unknown>> {
    for (;;) {
      const task = await this.get(taskId)
      if (statuses.includes(String(task['status']))) return task
      await new Promise(resolve => setTimeout(resolve, 2))
    }
  }

  async result(taskId: unknown): Promise<unknown> {
    if (this.isCore) return this.peer.once('tasks/result', { taskId })
    const { result, error } = await this.until(taskId, 'completed', 'failed', 'cancelled')
    if (error !== undefined) throw error
    return result
  }
}

/** A client that takes tasks, in both ways of speaking of them. */
export async function connected(service: Server, revision: Revision, options: PeerOptions = {}) {
  const client = await peer(service, revision, { capabilities: takesTasks, ...options })
  return { client, tasks: new TaskClient(client), [Symbol.asyncDispose]: () => client[Symbol.asyncDispose]() }
}
