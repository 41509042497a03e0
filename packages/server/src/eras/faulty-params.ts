import { explain, invalidParams, type ProtocolError, type Revision } from '@interlock/protocol'

/** Params that a revision's schema does not allow. Why is found out only for the answer. */
export class FaultyParams extends Error {
  readonly #served: Revision
  readonly #definition: string
  readonly #params: unknown

  constructor(served: Revision, definition: string, params: unknown) {
    super('faulty params')
    this.#served = served
    this.#definition = definition
    this.#params = params
  }

  async explained(): Promise<ProtocolError> {
    return invalidParams(`Invalid params: ${await explain(this.#served, this.#definition, this.#params)}`)
  }
}
