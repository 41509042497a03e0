/** A credential store can't be used, for a reason that a person can act on. The message never has a secret. */
export class StoreError extends Error {
  override readonly name = 'StoreError'
}

/** The code of an error of the system ("ENOENT"), or else its message. */
export const reasonOf = (error: unknown): string =>
  error instanceof Error ? (codeOf(error) ?? error.message) : String(error)

/** The code of an error of the system. */
export const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
