import { type Change, changeBus, type Interest } from '@interlock/protocol'

/** Everything that somebody wants to hear of. */
export interface Wanted {
  readonly tools: boolean
  readonly prompts: boolean
  readonly resources: boolean
  readonly uris: ReadonlySet<string>
  /** Ids. */
  readonly tasks: ReadonlySet<string>
}

const kinds = ['tools', 'prompts', 'resources'] as const

/** Something that keeps what a server said until that changes. */
export interface Memory {
  invalidate(change: Change): void
  clear(): void
}

/** Who wants to hear of which changes at one server. */
export class Subscriptions {
  readonly #bus = changeBus()
  readonly #interests = new Set<Interest>()
  readonly #memories: readonly Memory[]

  /** What is remembered is told before everybody else, since a listener may ask at once for what has changed. */
  constructor(...memories: readonly (Memory | undefined)[]) {
    this.#memories = memories.filter(memory => memory !== undefined)
  }

  get wanted(): Wanted {
    const interests = [...this.#interests]
    const has = (kind: (typeof kinds)[number]): boolean => interests.some(interest => interest[kind])
    return {
      tools: has('tools'),
      prompts: has('prompts'),
      resources: has('resources'),
      uris: new Set(interests.flatMap(({ uris = [] }) => uris)),
      tasks: new Set(interests.flatMap(({ tasks = [] }) => tasks)),
    }
  }

  add(interest: Interest, listener: (change: Change) => void): Disposable {
    const mine = { ...interest }
    this.#interests.add(mine)
    const subscription = this.#bus.subscribe(mine, listener)
    return {
      [Symbol.dispose]: () => {
        this.#interests.delete(mine)
        subscription[Symbol.dispose]()
      },
    }
  }

  publish(change: Change): void {
    for (const memory of this.#memories) memory.invalidate(change)
    this.#bus.publish(change)
  }

  /** Something may have changed while nothing could be heard, so everybody is told once. */
  publishAll(): void {
    for (const memory of this.#memories) memory.clear()
    const { uris, tasks: _, ...lists } = this.wanted // who looks after a task looks at it from time to time
    for (const kind of kinds) if (lists[kind]) this.publish({ kind })
    for (const uri of uris) this.publish({ kind: 'resource', uri })
  }
}

const changeKinds: ReadonlyMap<string, (typeof kinds)[number]> = new Map([
  ['notifications/tools/list_changed', 'tools'],
  ['notifications/prompts/list_changed', 'prompts'],
  ['notifications/resources/list_changed', 'resources'],
])

/** The change that a notification tells of; undefined when it tells of something else. */
export function changeOf(
  method: string,
  params: { readonly [member: string]: unknown } | undefined,
): Change | undefined {
  const kind = changeKinds.get(method)
  if (kind !== undefined) return { kind }
  const uri = params?.['uri']
  return method === 'notifications/resources/updated' && typeof uri === 'string' ? { kind: 'resource', uri } : undefined
}
