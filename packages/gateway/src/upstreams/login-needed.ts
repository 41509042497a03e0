import { TransportError } from '@interlock/protocol'

export interface LoginNeededOptions {
  /** For the person who runs the gateway. Stands after the server's name: "needs a login: run …". */
  readonly reason: string
  /** The same for clients, without anything of the authorization server. */
  readonly told: string
  /** Whether all requests fail like this one. One that needs more scopes than others fails alone. */
  readonly isWhole: boolean
  /** Resolves when there may be a login. Rejects with the signal's reason. */
  readonly changed?: (signal: AbortSignal) => Promise<void>
  readonly cause?: unknown
}

/** A server cannot be used before a person logs in to it. What `authorize` throws, so that the server waits for that. */
export class LoginNeeded extends TransportError {
  readonly told: string
  readonly isWhole: boolean
  readonly changed: LoginNeededOptions['changed']

  constructor({ reason, told, isWhole, changed, cause }: LoginNeededOptions) {
    super('http_status', reason, { status: 401, ...(cause === undefined ? {} : { cause }) })
    this.told = told
    this.isWhole = isWhole
    this.changed = changed
  }
}

/** The need of a login that an error comes from. */
export function loginNeededIn(error: unknown): LoginNeeded | undefined {
  for (let at = error, depth = 0; at instanceof Error && depth < 10; at = at.cause, depth += 1) {
    if (at instanceof LoginNeeded) return at
  }
  return undefined
}
