import {
  type Change,
  type ChangeBus,
  type Interest,
  type Notification,
  notification,
  type Params,
  type RequestEvent,
  type Revision,
} from '@interlock/protocol'

/** A call's progress and log messages as notifications of its client's revision. */
export class EventLine {
  readonly #revision: Revision
  readonly #token: unknown
  readonly #send: (notification: Notification) => void
  #last = Number.NEGATIVE_INFINITY

  constructor(revision: Revision, token: unknown, send: (notification: Notification) => void) {
    this.#revision = revision
    this.#token = token
    this.#send = send
  }

  notify(event: RequestEvent): void {
    const { kind, ...params } = event
    if (kind === 'log') return this.#send(this.#lowered('notifications/message', params))
    // Progress must increase with each notification (specification: Progress, Behavior Requirements).
    if (this.#token === undefined || !(Number.isFinite(event.progress) && event.progress > this.#last)) return
    this.#last = event.progress
    this.#send(this.#lowered('notifications/progress', { progressToken: this.#token, ...params }))
  }

  #lowered(method: string, params: Params): Notification {
    const lower = this.#revision.lower.notifications?.[method]
    return notification(method, lower === undefined ? params : lower({ ...params }))
  }
}

const listChanged = {
  tools: 'notifications/tools/list_changed',
  prompts: 'notifications/prompts/list_changed',
  resources: 'notifications/resources/list_changed',
} as const

/** Tells a client of changes; those of one turn that say the same are told once. */
export function tellChanges(
  changes: ChangeBus,
  interest: Interest,
  tell: (method: string, params: Params | undefined) => void,
): Disposable {
  const waiting = new Map<string, Change>()
  const flush = (): void => {
    const all = [...waiting.values()]
    waiting.clear()
    for (const change of all) {
      if (change.kind === 'resource') tell('notifications/resources/updated', { uri: change.uri })
      else if (change.kind === 'task') tell('notifications/tasks', { ...change.task })
      else if (change.kind === 'page') {
        tell('notifications/elicitation/complete', { elicitationId: change.elicitationId })
      } else tell(listChanged[change.kind], undefined)
    }
  }
  return changes.subscribe(interest, change => {
    if (waiting.size === 0) queueMicrotask(flush)
    waiting.set(nameOf(change), change)
  })
}

function nameOf(change: Change): string {
  if (change.kind === 'resource') return `resource ${change.uri}`
  if (change.kind === 'page') return `page ${change.elicitationId}`
  return change.kind === 'task' ? `task ${change.task.taskId}` : change.kind
}
