import type { Client } from '@interlock/client'
import { isFleeting, isOver } from './freshness.ts'
import { upstreamLimits } from './limits.ts'
import { areSame, hasEnded, type ListKind, type ListName, type Lists, listKinds, nothing, readLists } from './lists.ts'

export interface ListingOptions {
  /** Told that a list is another than before, after `follow`. */
  readonly onChange: (kind: ListKind) => void
  readonly note: (what: string) => void
}

/** Where one kind of list stands. */
interface Turn {
  /** Something changed since the list was asked for. */
  isStale: boolean
  /** Settles when nothing is left to be read; never rejects. */
  reading: Promise<void> | undefined
  readAt: number
}

/** What one running server offers: read once, and again when the server says that it changed. */
export class Listing {
  readonly #client: Client
  readonly #options: ListingOptions
  readonly #turns = new Map<ListKind, Turn>()
  #lists: Lists = nothing
  #isFollowing = false

  /** Hears of changes from now on, so that none is lost between the first reading and the next. */
  constructor(client: Client, options: ListingOptions) {
    this.#client = client
    this.#options = options
    for (const kind of listKinds) this.#turns.set(kind, { isStale: false, reading: undefined, readAt: 0 })
    client.onChange(({ kind }) => {
      if (kind === 'tools' || kind === 'resources' || kind === 'prompts') this.#outdate(kind)
    })
  }

  get lists(): Lists {
    return this.#lists
  }

  /** Reads every list. What cannot be read is noted and empty. Rejects when the server has ended meanwhile. */
  async read(): Promise<void> {
    const found = await Promise.allSettled([...this.#turns].map(([kind, turn]) => this.#read(kind, turn)))
    for (const [index, outcome] of found.entries()) {
      if (outcome.status === 'fulfilled') continue
      if (hasEnded(outcome.reason)) throw outcome.reason
      this.#noteFailure(listKinds[index], outcome.reason)
    }
  }

  /** Tells of changes from now on, those that came since the first reading included. */
  follow(): void {
    this.#isFollowing = true
    for (const [kind, turn] of this.#turns) if (turn.isStale) this.#outdate(kind)
  }

  /**
   * Reads a list again whose time is over, or which was never to be kept where nobody tells when it changes. Resolves when
   * that is done, has failed, or takes too long; undefined when there is nothing to do.
   */
  freshen(list: ListName): Promise<void> | undefined {
    const kind = list === 'templates' ? 'resources' : list
    const turn = this.#turns.get(kind)
    if (turn === undefined || !this.#isFollowing || !this.#isOutdated(list, kind)) return undefined
    this.#outdate(kind)
    const { reading } = turn
    return reading && within(upstreamLimits.freshenMs, reading)
  }

  #isOutdated(list: ListName, kind: ListKind): boolean {
    const { capabilities, revision } = this.#client.server
    const freshness = this.#lists.freshness?.[list]
    // A session without word of changes has none.
    if (freshness === undefined || revision.features.era === 'legacy') return false
    return isOver(freshness) || (isFleeting(freshness) && capabilities[kind]?.listChanged !== true)
  }

  stop(): void {
    this.#isFollowing = false
  }

  /** However often it is called: one reading at a time, one more when something changed during it, with pauses between. */
  #outdate(kind: ListKind): void {
    const turn = this.#turns.get(kind)
    if (turn === undefined) return
    turn.isStale = true
    if (turn.reading !== undefined || !this.#isFollowing) return
    turn.reading = this.#refresh(kind, turn).finally(() => {
      turn.reading = undefined
    })
  }

  async #refresh(kind: ListKind, turn: Turn): Promise<void> {
    while (turn.isStale) {
      await pause(turn.readAt + upstreamLimits.refreshMs - Date.now())
      if (!this.#isFollowing) return
      const before = this.#lists
      try {
        await this.#read(kind, turn)
      } catch (error) {
        this.#noteFailure(kind, error)
        continue
      }
      if (this.#isFollowing && !areSame(before, this.#lists, kind)) this.#options.onChange(kind)
    }
  }

  async #read(kind: ListKind, turn: Turn): Promise<void> {
    turn.isStale = false
    turn.readAt = Date.now()
    const lists = await readLists(this.#client, kind, this.#options.note)
    this.#lists = { ...this.#lists, ...lists, freshness: { ...this.#lists.freshness, ...lists.freshness } }
  }

  #noteFailure(kind: ListKind | undefined, error: unknown): void {
    if (hasEnded(error)) return
    this.#options.note(`could not list its ${kind}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function pause(ms: number): Promise<void> | undefined {
  if (ms <= 0) return undefined
  return new Promise(resolve => setTimeout(resolve, ms).unref())
}

async function within(ms: number, done: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const patience = new Promise<void>(resolve => {
    timer = setTimeout(resolve, ms)
  })
  await Promise.race([done, patience])
  clearTimeout(timer)
}
