import {
  type CreateMessageRequestParams,
  type CreateMessageResult,
  type InputRequest,
  invalidParams,
  isObject,
  MissingCapability,
  type Peer,
  type SamplingMessage,
  type SamplingMessageContentBlock,
} from '@interlock/protocol'

/**
 * @throws TypeError for messages that no model can continue; MissingCapability (−32021) when they ask for the context of
 * servers, which a client has to offer since sampling has tools (specification: Sampling, Capabilities)
 */
export function sampleRequest(params: CreateMessageRequestParams, { capabilities, revision }: Peer): InputRequest {
  checkToolUse(params.messages)
  const wantsContext = params.includeContext !== undefined && params.includeContext !== 'none'
  if (wantsContext && revision.features.samplingTools && capabilities.sampling?.context === undefined) {
    throw new MissingCapability({ sampling: { context: {} } })
  }
  return { method: 'sampling/createMessage', params: { ...params } }
}

/** Each use of a tool is answered by its result in the very next message, which holds nothing else (Tool Use). */
function checkToolUse(messages: readonly SamplingMessage[]): void {
  let open: string[] = []
  for (const [at, message] of messages.entries()) {
    const blocks = blocksOf(message)
    const results = blocks.flatMap(block => (block.type === 'tool_result' ? [block.toolUseId] : []))
    if (results.length > 0 && (message.role !== 'user' || results.length < blocks.length)) {
      throw new TypeError(
        `messages[${at}] given to sample holds tool results, so it must be the user's and hold only those`,
      )
    }
    const missing = open.filter(id => !results.includes(id))
    if (missing.length > 0) {
      throw new TypeError(`messages[${at}] given to sample must hold the result of the tool use ${missing.join(', ')}`)
    }
    const stray = results.filter(id => !open.includes(id))
    if (stray.length > 0) {
      throw new TypeError(`messages[${at}] given to sample holds results of no tool use: ${stray.join(', ')}`)
    }
    open = blocks.flatMap(block => (block.type === 'tool_use' ? [block.id] : []))
  }
  if (open.length > 0) throw new TypeError(`the messages given to sample end without the result of ${open.join(', ')}`)
}

const blocksOf = ({ content }: SamplingMessage): readonly SamplingMessageContentBlock[] =>
  Array.isArray(content) ? content : [content]

/** @throws ProtocolError −32602 when the answer is no message of a model */
export function readSample(key: string, answer: unknown): CreateMessageResult {
  if (isSample(answer)) return answer
  throw invalidParams(`the answer to "${key}" is not a sampling result`)
}

const isSample = (value: unknown): value is CreateMessageResult =>
  isObject(value) &&
  typeof value['model'] === 'string' &&
  (value['role'] === 'user' || value['role'] === 'assistant') &&
  (Array.isArray(value['content']) ? value['content'].every(isBlock) : isBlock(value['content']))

const isBlock = (value: unknown): boolean => isObject(value) && typeof value['type'] === 'string'
