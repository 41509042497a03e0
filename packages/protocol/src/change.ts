/** What a server can tell its clients without being asked. */
export type Change =
  | { readonly kind: 'tools' | 'prompts' | 'resources' }
  | { readonly kind: 'resource'; readonly uri: string }

/** What a subscriber wants to hear of. */
export interface Interest {
  readonly tools?: boolean
  readonly prompts?: boolean
  readonly resources?: boolean
  readonly uris?: readonly string[]
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
  const resources = new Map<string, Set<Listener>>()

  const watch = (uri: string, listener: Listener): void => {
    const listeners = resources.get(uri)
    if (listeners) listeners.add(listener)
    else {
      resources.set(uri, new Set([listener]))
      options.onWatch?.(uri)
    }
  }
  const unwatch = (uri: string, listener: Listener): void => {
    const listeners = resources.get(uri)
    if (!listeners?.delete(listener) || listeners.size > 0) return
    resources.delete(uri)
    options.onUnwatch?.(uri)
  }

  return {
    publish(change) {
      const listeners = change.kind === 'resource' ? resources.get(change.uri) : lists[change.kind]
      if (listeners === undefined) return
      // A copy, since a listener may subscribe or leave while it is told; who has left is told nothing more.
      for (const tell of Array.from(listeners)) if (listeners.has(tell)) tell(change)
    },
    subscribe(interest, tell) {
      const listener: Listener = change => tell(change) // a subscription of its own, even for a shared function
      const uris = new Set(interest.uris)
      for (const kind of ['tools', 'prompts', 'resources'] as const) if (interest[kind]) lists[kind].add(listener)
      for (const uri of uris) watch(uri, listener)
      return {
        [Symbol.dispose]() {
          for (const kind of ['tools', 'prompts', 'resources'] as const) lists[kind].delete(listener)
          for (const uri of uris) unwatch(uri, listener)
        },
      }
    },
  }
}

type Listener = (change: Change) => void
