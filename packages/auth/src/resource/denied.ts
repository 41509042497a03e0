/** Error codes of RFC 6750 section 3.1 and RFC 9449 section 7.1. */
export type DeniedCode =
  | 'invalid_request'
  | 'invalid_token'
  | 'insufficient_scope'
  | 'invalid_dpop_proof'
  | 'use_dpop_nonce'

/**
 * A request is turned away. The message goes to its sender, so it says nothing that stands in the token; it has none of
 * the characters that RFC 6750 excludes from `error_description`.
 */
export class Denied extends Error {
  override readonly name = 'Denied'
  /** Absent where nothing was sent that could be wrong (RFC 6750 section 3.1, last paragraph). */
  readonly code: DeniedCode | undefined

  constructor(code: DeniedCode | undefined, message: string) {
    super(message)
    this.code = code
  }

  get status(): 400 | 401 | 403 {
    if (this.code === 'invalid_request') return 400
    return this.code === 'insufficient_scope' ? 403 : 401
  }
}

export const invalidToken = (message: string): Denied => new Denied('invalid_token', message)
export const invalidProof = (message: string): Denied => new Denied('invalid_dpop_proof', message)

/** It cannot be found out whether a token is good, so it is not accepted. The message is for the operator. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable'
}
