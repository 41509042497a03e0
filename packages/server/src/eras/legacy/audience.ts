import { type ChangeBus, type Message, notification } from '@interlock/protocol'
import { tellChanges } from '../notify.ts'

interface Hearer {
  send(message: Message): void
}

/**
 * All sessions that are told when a list changes. They share one subscription: with one of its own each of them held
 * nearly a kilobyte more.
 */
export class Audience {
  readonly #changes: ChangeBus
  readonly #hearers = new Set<Hearer>()
  #telling: Disposable | undefined

  constructor(changes: ChangeBus) {
    this.#changes = changes
  }

  add(hearer: Hearer): void {
    this.#hearers.add(hearer)
    this.#telling ??= tellChanges(this.#changes, { tools: true, prompts: true, resources: true }, (method, params) => {
      const message = notification(method, params)
      for (const each of this.#hearers) each.send(message)
    })
  }

  delete(hearer: Hearer): void {
    this.#hearers.delete(hearer)
    if (this.#hearers.size > 0) return
    this.#telling?.[Symbol.dispose]()
    this.#telling = undefined
  }
}

const audiences = new WeakMap<ChangeBus, Audience>()

export function audienceOf(changes: ChangeBus): Audience {
  const known = audiences.get(changes) ?? new Audience(changes)
  audiences.set(changes, known)
  return known
}
