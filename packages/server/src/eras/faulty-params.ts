import { explain, invalidParams, type ProtocolError, type Revision } from '@interlock/protocol'

/** Params that a revision's schema does not allow. Why is found out only for the answer. */
export class FaultyParams extends Error {
  /** HTTP status of the answer. */
  readonly status: number
  readonly #served: Revision
  readonly #definition: string
  readonly #params: unknown

  constructor(served: Revision, definition: string, params: unknown, status = 200) {
    super('faulty params')
    this.status = status
    this.#served = served
    this.#definition = definition
    this.#params = params
  }

  async explained(): Promise<ProtocolError> {
    return invalidParams(`Invalid params: ${await explain(this.#served, this.#definition, this.#params)}`)
  }
}
