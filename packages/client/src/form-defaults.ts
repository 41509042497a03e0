import { type ElicitRequestParams, type ElicitResult, isObject } from '@interlock/protocol'

/**
 * An accepted answer with the form's defaults for the fields that it leaves out (specification: Elicitation, Requested
 * Schema). What was filled in stays.
 */
export function withDefaults(request: ElicitRequestParams, answer: ElicitResult): ElicitResult {
  if (answer.action !== 'accept' || !('requestedSchema' in request)) return answer
  const { properties } = request.requestedSchema
  if (!isObject(properties)) return answer
  const given = answer.content ?? {}
  const defaults = Object.entries(properties).flatMap(([name, field]) =>
    'default' in field && field.default !== undefined && !Object.hasOwn(given, name) ? [[name, field.default]] : [],
  )
  return defaults.length === 0 ? answer : { ...answer, content: { ...Object.fromEntries(defaults), ...given } }
}
