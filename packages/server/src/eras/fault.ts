import { ProtocolError, Suspended } from '@interlock/protocol'

/** Writes what the client is not told to the server's log. */
export function reportFault(method: string, error: unknown): void {
  if (error instanceof ProtocolError || error instanceof Suspended) return
  console.error(`${method} failed:`, error)
}
