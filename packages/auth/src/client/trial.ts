import { AuthorizationError, type ClientRegistration, type CredentialStore } from './contract.ts'
import { forgetRegistration, type KeptRegistration, readRegistration, writeRegistration } from './records.ts'

/** Whether an authorization server says that it does not know this client, or not as one that may do this. */
export const isUnknownClient = (error: unknown): boolean =>
  error instanceof AuthorizationError &&
  (error.oauthError === 'invalid_client' || error.oauthError === 'unauthorized_client')

/**
 * Keeps a registration out of the store for as long as a grant tries it. It is put back once the authorization server has
 * answered as one that knows the client. A server that has forgotten it tells the person alone (RFC 6749 section
 * 4.1.2.1): then no answer comes, however the login ends, and the next one registers anew.
 */
export class Trial {
  readonly #store: CredentialStore
  readonly #issuer: string
  #aside: KeptRegistration | undefined

  constructor(store: CredentialStore, issuer: string) {
    this.#store = store
    this.#issuer = issuer
  }

  /** Takes out the registration that this client comes from, if it comes from one that is kept. */
  async begin({ clientId }: ClientRegistration): Promise<void> {
    const kept = await readRegistration(this.#store, this.#issuer)
    if (kept?.client.clientId !== clientId) return
    this.#aside = kept
    await forgetRegistration(this.#store, this.#issuer)
  }

  /** Does the work that tries it. */
  async of<Value>(work: () => Promise<Value>): Promise<Value> {
    try {
      const value = await work()
      await this.#pass()
      return value
    } catch (error) {
      if (isFromOneThatKnows(error)) await this.#pass()
      throw error
    }
  }

  async #pass(): Promise<void> {
    const aside = this.#aside
    this.#aside = undefined
    if (aside !== undefined) await writeRegistration(this.#store, aside)
  }
}

/** A server that refuses something else, or that failed when tokens were asked for, has taken the client's authorization. */
const isFromOneThatKnows = (error: unknown): boolean =>
  error instanceof AuthorizationError &&
  !isUnknownClient(error) &&
  (error.oauthError !== undefined || error.step === 'token')
