import type { Lowering, Lowerings } from '../../revision.ts'
import { chain, items, member, ofType, without } from '../lowering.ts'
import { describeTool, wrapStructured } from './structured.ts'

const elicit: Lowering = params =>
  params.mode === 'url' && params.elicitationId === undefined
    ? { ...params, elicitationId: crypto.randomUUID() }
    : params

/** Messages carry one block or a list of them. */
const toolResults: Lowering = message => {
  const wrap = ofType('tool_result', wrapStructured)
  return Array.isArray(message.content) ? items('content', wrap)(message) : member('content', wrap)(message)
}

/** The extension became what this revision has in its core: the era that serves it announces it there. */
const taskExtension = 'io.modelcontextprotocol/tasks'

const capabilities: Lowering = value => {
  const lowered = member('extensions', without(taskExtension))(value)
  return lowered !== value && isEmpty(lowered.extensions) ? without('extensions')(lowered) : lowered
}

const isEmpty = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length === 0

/** From 2026-07-28. Other extensions stay under `extensions`, where peers of this revision look for them too. */
export const lower: Lowerings = {
  results: {
    'tools/list': items('tools', describeTool),
    'tools/call': wrapStructured,
  },
  requests: {
    'elicitation/create': elicit,
    'sampling/createMessage': chain(items('tools', describeTool), items('messages', toolResults)),
  },
  capabilities,
}
