import { type Call, type CompleteResult, complete, invalidParams, isObject, type Outcome } from '@interlock/protocol'

/** Suggests values that start with what was typed; `chosen` are the arguments that the user has filled in already. */
export type Completer = (
  typed: string,
  chosen: Readonly<Record<string, unknown>>,
) => readonly string[] | Promise<readonly string[]>

export type Completers = Readonly<Record<string, Completer>>

/** Values in one answer (specification: Completion). */
const maximumValues = 100

/** Answers `completion/complete` with the completers of the prompt or template that it refers to. */
export async function runCompletion(call: Call, completers: Completers): Promise<Outcome> {
  const { argument, context } = call.params
  if (!isObject(argument) || typeof argument['name'] !== 'string' || typeof argument['value'] !== 'string') {
    throw invalidParams('params.argument must have a name and a value')
  }
  const completer = Object.hasOwn(completers, argument['name']) ? completers[argument['name']] : undefined
  const chosen = isObject(context) && isObject(context['arguments']) ? context['arguments'] : {}
  const values = completer === undefined ? [] : await completer(argument['value'], chosen)
  const result: CompleteResult = {
    completion: {
      values: values.slice(0, maximumValues),
      total: values.length,
      hasMore: values.length > maximumValues,
    },
  }
  return complete(result)
}
