import {
  type InputPort,
  type InputRequest,
  type Peer,
  type ProtocolError,
  requireCapability,
  Suspended,
} from '@interlock/protocol'
import { changedQuestion } from '../changed-question.ts'
import { type Journal, newJournal } from './journal.ts'

/**
 * Asks by ending the round: questions answered in earlier rounds return at once, the first that is not unwinds the
 * handler, which runs again when the client has brought the answer.
 */
export class ReplayInput implements InputPort {
  readonly isLive = false
  readonly #peer: Peer
  readonly #pending: Record<string, InputRequest> = {}
  readonly #running = new Map<string, Promise<unknown>>()
  #journal: Journal | undefined
  #fault: ProtocolError | undefined

  /**
   * @param journal of the rounds before, if there were any
   * @param responses what the client brought for the questions of the last round
   */
  constructor(journal: Journal | undefined, peer: Peer, responses: Readonly<Record<string, unknown>>) {
    this.#journal = journal
    this.#peer = peer
    if (journal === undefined) return
    for (const [key, entry] of Object.entries(journal.entries)) {
      // Answers to unknown or answered questions are ignored; a missing one is asked again.
      if (entry.kind === 'question' && entry.answer === undefined && Object.hasOwn(responses, key)) {
        entry.answer = responses[key]
      }
    }
  }

  /** Made when something is to be kept: most calls ask nothing, though a gateway wants to know whether they could. */
  get journal(): Journal {
    this.#journal ??= newJournal()
    return this.#journal
  }

  get flow(): string {
    return this.journal.flow
  }

  /** Questions asked in this round, by key. */
  get pending(): Readonly<Record<string, InputRequest>> {
    return this.#pending
  }

  /** Why the replay cannot be trusted. */
  get fault(): ProtocolError | undefined {
    return this.#fault
  }

  async ask(key: string, request: InputRequest): Promise<unknown> {
    const asked = requireCapability(this.#peer, request)
    const fingerprint = digest(JSON.stringify(request))
    const entry = this.#entry(key)
    if (entry !== undefined && (entry.kind !== 'question' || entry.fingerprint !== fingerprint)) {
      this.#fault = changedQuestion(key)
      throw this.#fault
    }
    if (entry?.answer !== undefined) return entry.answer
    this.journal.entries[key] = { kind: 'question', fingerprint }
    this.#pending[key] = asked
    await Promise.resolve() // lets siblings in the same Promise.all ask too, so that all go out in one round
    throw new Suspended()
  }

  async step<T>(key: string, run: () => T | Promise<T>): Promise<T> {
    const entry = this.#entry(key)
    if (entry?.kind === 'step') return entry.value as T // it was put there by this very step, as was the next
    const running = this.#running.get(key) ?? this.#run(key, run)
    return running as Promise<T>
  }

  /** Settles when no step runs any more: an effect that has begun must be in the journal, or it would happen again. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.allSettled(this.#running.values())
  }

  #run<T>(key: string, run: () => T | Promise<T>): Promise<T> {
    const running = Promise.resolve()
      .then(run)
      .then(value => {
        this.journal.entries[key] = { kind: 'step', value }
        return value
      })
      .finally(() => this.#running.delete(key))
    this.#running.set(key, running)
    return running
  }

  #entry(key: string): Journal['entries'][string] | undefined {
    return Object.hasOwn(this.journal.entries, key) ? this.journal.entries[key] : undefined
  }
}

/** Tells two texts apart that one author wrote; the journal is sealed, so nobody else has a hand in it (FNV-1a, twice). */
function digest(text: string): string {
  let a = 0x811c9dc5
  let b = 0x01000193
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at)
    a = Math.imul(a ^ unit, 0x01000193)
    b = Math.imul(b ^ unit, 0x85ebca6b)
  }
  return `${text.length}.${(a >>> 0).toString(36)}${(b >>> 0).toString(36)}`
}
