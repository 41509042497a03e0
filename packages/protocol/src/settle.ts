import type { Call } from './call.ts'
import type { Handler, Outcome, Settled } from './handler.ts'
import { code, ProtocolError } from './jsonrpc/error.ts'

/** Rounds one call may ask its client for input. A person gives up sooner. */
export const inputRounds = 10

/** The requests whose answer may be a question (specification: Multi Round-Trip Requests, Supported Requests). */
export const interactiveMethods: ReadonlySet<string> = new Set(['tools/call', 'prompts/get', 'resources/read'])

/**
 * Turns `input_required` into an answer: asks the caller every question and gives the call to `handler` again with the
 * responses, until it completes. `first` is what the handler has answered already.
 * @throws ProtocolError when the handler is not satisfied after `inputRounds` rounds, or a question is refused; the
 * signal's reason when the caller has gone.
 */
export async function settle(handler: Handler, call: Call, first?: Outcome): Promise<Settled> {
  let outcome: Outcome = first ?? (await handler(call))
  for (let round = 1; outcome.kind === 'input_required'; round += 1) {
    if (round > inputRounds)
      throw new ProtocolError(code.internalError, `no result after ${inputRounds} rounds of input`)
    call.caller.signal.throwIfAborted()
    const { requests = {}, state } = outcome
    const answers = await Promise.all(
      Object.entries(requests).map(
        async ([key, request]) => [key, await call.caller.input.ask(`${round}.${key}`, request)] as const,
      ),
    )
    const responses = Object.fromEntries(answers)
    outcome = await handler({ ...call, resume: state === undefined ? { responses } : { responses, state } })
  }
  return outcome
}
