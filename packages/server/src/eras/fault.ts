import { type Binding, type Delivery, InsufficientScope, ProtocolError, Suspended } from '@interlock/protocol'

/** Writes what the client is not told to the server's log. */
export function reportFault(method: string, error: unknown): void {
  if (error instanceof ProtocolError || error instanceof Suspended) return
  console.error(`${method} failed:`, error)
}

/** How a client is told which scopes it needs (specification: Authorization, Runtime Insufficient Scope Errors). */
export function challengeFor(error: unknown, binding: Binding): Delivery | undefined {
  return error instanceof InsufficientScope ? binding.challenge?.(error.scopes) : undefined
}
