import type { EventStore, StoredEvent } from '../../event-store.ts'
import { reportFault } from '../fault.ts'

/** Has the store do something. A store that fails costs what it keeps, but no call. */
export function keep(act: () => void | Promise<void>): Promise<void> | undefined {
  try {
    return act()?.catch(report)
  } catch (error) {
    report(error)
    return undefined
  }
}

function report(error: unknown): undefined {
  reportFault('the event store', error)
}

/** What was sent on one stream. */
export class EventLog {
  readonly #session: string
  readonly #stream: string
  readonly #store: EventStore
  #last = 0
  /** Settles when the store has taken what it was given. */
  #kept: Promise<void> | undefined

  constructor(session: string, stream: string, store: EventStore) {
    this.#session = session
    this.#stream = stream
    this.#store = store
  }

  get last(): number {
    return this.#last
  }

  /** @returns the event's id */
  append(text: string): string {
    this.#last += 1
    const event: StoredEvent = { session: this.#session, stream: this.#stream, sequence: this.#last, text }
    const kept = keep(() => this.#store.append(event))
    if (kept !== undefined) this.#kept = Promise.all([this.#kept, kept]).then(() => {})
    return this.idOf(this.#last)
  }

  /** All that followed on an event; undefined when there is a gap. */
  async after(sequence: number): Promise<readonly StoredEvent[] | undefined> {
    if (sequence >= this.#last) return []
    await this.#kept
    const last = this.#last
    const found = await this.#stored(sequence)
    const isWhole = found?.every((event, at) => event.sequence === sequence + 1 + at) === true
    return isWhole && found.length >= last - sequence ? found : undefined
  }

  /** A store that fails has nothing. */
  async #stored(sequence: number): Promise<readonly StoredEvent[] | undefined> {
    try {
      return await this.#store.after(this.#session, this.#stream, sequence)
    } catch (error) {
      return report(error)
    }
  }

  idOf(sequence: number): string {
    return `${this.#stream}-${sequence}`
  }
}
