import {
  type ChangeBus,
  code,
  isObject,
  type Notification,
  notification,
  ProtocolError,
  type Revision,
} from '@interlock/protocol'
import { tellChanges } from '../notify.ts'

/** Pages that the user of one session was sent to and that are not done. More are forgotten, the oldest first. */
const openPages = 100

const done = 'notifications/elicitation/complete'

/**
 * Tells the client of one session, once for each page, that its user is done there (specification 2025-11-25:
 * Elicitation, Completion Notifications for URL Mode Elicitation). Does nothing in revisions that have no such word.
 */
export class SessionPages {
  readonly #isTold: boolean
  readonly #changes: ChangeBus
  readonly #send: (message: Notification) => void
  readonly #open = new Map<string, Disposable>()
  #isClosed = false

  constructor({ notifications }: Revision, changes: ChangeBus, send: (message: Notification) => void) {
    this.#isTold = Object.hasOwn(notifications, done)
    this.#changes = changes
    this.#send = send
  }

  expect(elicitationId: unknown): void {
    if (this.#isClosed || !this.#isTold || typeof elicitationId !== 'string' || this.#open.has(elicitationId)) return
    const [oldest] = this.#open.keys()
    if (this.#open.size >= openPages && oldest !== undefined) this.#forget(oldest)
    const told = tellChanges(this.#changes, { pages: [elicitationId] }, (method, params) => {
      this.#forget(elicitationId)
      this.#send(notification(method, params))
    })
    this.#open.set(elicitationId, told)
  }

  /** Those that an error wants the user at. */
  expectOf(error: unknown): void {
    if (!(error instanceof ProtocolError) || error.code !== code.urlElicitationRequired || !isObject(error.data)) return
    const { elicitations } = error.data
    if (!Array.isArray(elicitations)) return
    for (const page of elicitations) if (isObject(page)) this.expect(page['elicitationId'])
  }

  /** Work that was cancelled with its session may still send its user somewhere. */
  close(): void {
    this.#isClosed = true
    for (const elicitationId of this.#open.keys()) this.#forget(elicitationId)
  }

  #forget(elicitationId: string): void {
    this.#open.get(elicitationId)?.[Symbol.dispose]()
    this.#open.delete(elicitationId)
  }
}
