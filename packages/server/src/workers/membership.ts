import type { Change, ChangeBus } from '@interlock/protocol'

/** What one of several processes that serve together was given by the process that started it. */
export interface Membership {
  /** From 1 on. One that takes the place of another has its number. */
  readonly number: number
  /** 32 bytes that all of them have. */
  readonly key: Uint8Array
  /** The changes of the server that they serve. */
  readonly changes: ChangeBus | undefined
  /** Tells the others of a change. */
  relay(change: Change): void
}

let membership: Membership | undefined

/** Makes this process one of several, for good: before it seals or serves anything. */
export function join(given: Membership): void {
  membership = given
}

/**
 * The keys of a server that was given none: one of its own, or, in a process that is one of several, the one they share.
 * It is made when it is first needed: Node takes 7 ms to load `crypto`, and most servers never seal anything.
 */
export function ownKeys(): () => readonly Uint8Array[] {
  let own: Uint8Array | undefined
  return () => {
    if (membership !== undefined) return [membership.key]
    own ??= crypto.getRandomValues(new Uint8Array(32))
    return [own]
  }
}

/**
 * The id of a new session. Of several processes it names the one that holds the session, so that the others find it. That
 * is no secret and grants nothing: the rest cannot be guessed.
 */
export const newSessionId = (): string =>
  membership === undefined ? crypto.randomUUID() : `${membership.number}.${crypto.randomUUID()}`

/** The number of the process that made a session's id; undefined for an id that none of several made. */
export function holderOf(sessionId: string): number | undefined {
  const found = /^(\d{1,4})\./.exec(sessionId)
  return found === null ? undefined : Number(found[1])
}

/** Publishes a change here and, where several processes serve these, with the others. */
export function publish(changes: ChangeBus, change: Change): void {
  changes.publish(change)
  if (membership?.changes === changes) membership.relay(change)
}
