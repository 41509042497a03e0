import { clip } from '@interlock/protocol'
import type { Wire } from './wire.ts'

/** Client and server did not come to terms. The message names the target, the step that failed, and why. */
export class ConnectError extends Error {
  readonly target: string
  readonly step: string
  /**
   * The program ended when it was asked what it is, before it said anything, as some servers with sessions do. A new
   * process of it may be connected to with `era: 'legacy'`.
   */
  readonly mayBeLegacy: boolean

  constructor(target: string, step: string, cause: unknown, mayBeLegacy = false) {
    const why = cause instanceof Error ? cause.message : String(cause)
    super(`cannot connect to ${clip(target, 200)}: ${step} failed: ${why}`, { cause })
    this.name = 'ConnectError'
    this.target = target
    this.step = step
    this.mayBeLegacy = mayBeLegacy
  }
}

/** One step of a handshake, whose failure is told as such. */
export async function step<Value>(
  wire: Wire,
  name: string,
  promise: Promise<Value>,
  mayBeLegacy: (error: unknown) => boolean = () => false,
): Promise<Value> {
  try {
    return await promise
  } catch (error) {
    throw error instanceof ConnectError ? error : new ConnectError(wire.name, name, error, mayBeLegacy(error))
  }
}
