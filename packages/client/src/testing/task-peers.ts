import { type DetailedTask, type Params, tasksExtension } from '@interlock/protocol'
import { type Asked, capabilities, legacyScript, modernScript, Scripted, toolResult } from './scripted.ts'

/** Answers one request about a task, or a call; what has no answer waits for the test. */
export type Answers = Readonly<Record<string, (asked: Asked) => unknown>>

export const working = (more: Partial<DetailedTask> = {}): DetailedTask => ({
  taskId: 'T1',
  status: 'working',
  createdAt: '2026-01-01T00:00:00Z',
  lastUpdatedAt: '2026-01-01T00:00:00Z',
  ttlMs: 60_000,
  pollIntervalMs: 50,
  ...more,
})

export const completed = (more: Partial<DetailedTask> = {}): DetailedTask =>
  working({ status: 'completed', lastUpdatedAt: '2026-01-01T00:00:09Z', result: toolResult, ...more })

/** A stateless server with tasks: what it answers becomes a result, and a task the answer to `tasks/get`. */
export function statelessTasks(answers: Answers, kind: Scripted['kind'] = 'http'): Scripted {
  return new Scripted(
    kind,
    modernScript(asked => {
      const answering = answers[asked.method]
      if (asked.method === 'subscriptions/listen' && answering === undefined)
        return asked.fail(-32601, 'no such method')
      const answer = answering?.(asked)
      if (answer !== undefined) asked.reply({ resultType: 'complete', ...(answer as object) })
    }),
  )
}

export const begun = (more: Partial<DetailedTask> = {}): object => ({ ...working(more), resultType: 'task' })

/** A task in the words of revision 2025-11-25. */
export function core(task: DetailedTask): object {
  const { taskId, status, statusMessage, createdAt, lastUpdatedAt, ttlMs: ttl, pollIntervalMs: pollInterval } = task
  const said = statusMessage === undefined ? {} : { statusMessage }
  return { taskId, status, createdAt, lastUpdatedAt, ttl, pollInterval, ...said }
}

/** A server with sessions and the tasks of revision 2025-11-25. */
export function sessionTasks(answers: Answers, kind: Scripted['kind'] = 'stdio'): Scripted {
  const open = legacyScript()
  return new Scripted(kind, asked => {
    if (asked.method === 'server/discover') return open(asked)
    if (asked.method === 'initialize') {
      const tasks = { list: {}, cancel: {}, requests: { tools: { call: {} } } }
      const serverInfo = { name: 'scripted', version: '1' }
      const { protocolVersion } = asked.params
      return asked.reply({ protocolVersion, capabilities: { ...capabilities, tasks }, serverInfo })
    }
    const answer = answers[asked.method]?.(asked)
    if (answer !== undefined) asked.reply(answer as object)
  })
}

export const count = (peer: Scripted, method: string): number =>
  peer.asked.filter(asked => asked.method === method).length

/** Tells of a task on the stream that the client listens on. */
export function told(listen: Asked, task: DetailedTask): void {
  const _meta = { 'io.modelcontextprotocol/subscriptionId': listen.id }
  listen.tell({ jsonrpc: '2.0', method: 'notifications/tasks', params: { ...task, _meta } as Params })
}

export function acknowledge(listen: Asked): void {
  const _meta = { 'io.modelcontextprotocol/subscriptionId': listen.id }
  const { notifications } = listen.params
  listen.tell({ jsonrpc: '2.0', method: 'notifications/subscriptions/acknowledged', params: { notifications, _meta } })
}

export const declaresTasks = ({ params }: Asked): boolean => {
  const declared = params._meta?.['io.modelcontextprotocol/clientCapabilities'] as { extensions?: object } | undefined
  return Object.hasOwn(declared?.extensions ?? {}, tasksExtension)
}
