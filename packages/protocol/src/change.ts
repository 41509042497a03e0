import type { DetailedTask } from './extensions/tasks.ts'

/** What a server can tell its clients without being asked. */
export type Change =
  | { readonly kind: 'tools' | 'prompts' | 'resources' }
  | { readonly kind: 'resource'; readonly uri: string }
  | { readonly kind: 'task'; readonly task: DetailedTask }
  /** What the user was sent to a page for is done there. */
  | { readonly kind: 'page'; readonly elicitationId: string }

/** What a subscriber wants to hear of. */
export interface Interest {
  readonly tools?: boolean
  readonly prompts?: boolean
  readonly resources?: boolean
  readonly uris?: readonly string[]
  /** Ids of tasks. */
  readonly tasks?: readonly string[]
  /** Ids of the questions that sent the user to a page. */
  readonly pages?: readonly string[]
}

/** Who wants to know that a list or a resource changed. */
export interface ChangeBus {
  publish(change: Change): void
  /** `listener` must not throw; it is called in the turn of `publish`. */
  subscribe(interest: Interest, listener: (change: Change) => void): Disposable
}

export interface ChangeBusOptions {
  /** Called when the first subscriber of a resource comes and when the last one has gone. */
  readonly onWatch?: (uri: string) => void
  readonly onUnwatch?: (uri: string) => void
}

export function changeBus(options: ChangeBusOptions = {}): ChangeBus {
  const lists = { tools: new Set<Listener>(), prompts: new Set<Listener>(), resources: new Set<Listener>() }
  const resources = new Watchers(options.onWatch, options.onUnwatch)
  const tasks = new Watchers()
  const pages = new Watchers()

  const listenersOf = (change: Change): ReadonlySet<Listener> | undefined => {
    switch (change.kind) {
      case 'resource':
        return resources.of(change.uri)
      case 'task':
        return tasks.of(change.task.taskId)
      case 'page':
        return pages.of(change.elicitationId)
      default:
        return lists[change.kind]
    }
  }

  return {
    publish(change) {
      const listeners = listenersOf(change)
      if (listeners === undefined) return
      // A copy, since a listener may subscribe or leave while it is told; who has left is told nothing more.
      for (const tell of Array.from(listeners)) if (listeners.has(tell)) tell(change)
    },
    subscribe(interest, tell) {
      const listener: Listener = change => tell(change) // a subscription of its own, even for a shared function
      for (const kind of ['tools', 'prompts', 'resources'] as const) if (interest[kind]) lists[kind].add(listener)
      for (const uri of new Set(interest.uris)) resources.add(uri, listener)
      for (const taskId of new Set(interest.tasks)) tasks.add(taskId, listener)
      for (const page of new Set(interest.pages)) pages.add(page, listener)
      return {
        [Symbol.dispose]() {
          for (const kind of ['tools', 'prompts', 'resources'] as const) lists[kind].delete(listener)
          for (const uri of new Set(interest.uris)) resources.remove(uri, listener)
          for (const taskId of new Set(interest.tasks)) tasks.remove(taskId, listener)
          for (const page of new Set(interest.pages)) pages.remove(page, listener)
        },
      }
    },
  }
}

type Listener = (change: Change) => void

/** Who listens for what has a name. */
class Watchers {
  readonly #byName = new Map<string, Set<Listener>>()
  readonly #onFirst: ((name: string) => void) | undefined
  readonly #onNone: ((name: string) => void) | undefined

  constructor(onFirst?: (name: string) => void, onNone?: (name: string) => void) {
    this.#onFirst = onFirst
    this.#onNone = onNone
  }

  of(name: string): ReadonlySet<Listener> | undefined {
    return this.#byName.get(name)
  }

  add(name: string, listener: Listener): void {
    const listeners = this.#byName.get(name)
    if (listeners) listeners.add(listener)
    else {
      this.#byName.set(name, new Set([listener]))
      this.#onFirst?.(name)
    }
  }

  remove(name: string, listener: Listener): void {
    const listeners = this.#byName.get(name)
    if (!listeners?.delete(listener) || listeners.size > 0) return
    this.#byName.delete(name)
    this.#onNone?.(name)
  }
}
