import type { Lowering } from '../../revision.ts'
import { isObject, type Members, textInstead, without } from '../lowering.ts'

const withoutToolMembers = without('tools', 'toolChoice')

/** A sampling request without tools: one block a message, and what tools did told as text. */
export const withoutTools: Lowering = params => {
  const kept = withoutToolMembers(params)
  const { messages } = kept
  if (!Array.isArray(messages) || messages.every(isPlain)) return kept
  return { ...kept, messages: messages.flatMap(message => (isObject(message) ? plainMessages(message) : [message])) }
}

/** What a client generated, as one block: its texts joined, or else the first block that this revision has. */
export const oneBlock: Lowering = result => {
  if (!Array.isArray(result.content)) return result
  const plain = result.content.flatMap(block => (isObject(block) ? plainBlocks(block) : []))
  const texts = plain.flatMap(block => (typeof block.text === 'string' ? [block.text] : []))
  const [only] = plain
  const content = only && (plain.length === 1 || texts.length === 0) ? only : { type: 'text', text: texts.join('\n') }
  return { ...result, content }
}

const isPlain = (message: unknown): boolean =>
  isObject(message) &&
  isObject(message.content) &&
  message.content.type !== 'tool_use' &&
  message.content.type !== 'tool_result'

function plainMessages(message: Members): Members[] {
  if (isPlain(message)) return [message]
  const content = Array.isArray(message.content) ? message.content : [message.content]
  return content.flatMap(block => (isObject(block) ? plainBlocks(block) : [])).map(block => withContent(message, block))
}

const withContent = (message: Members, content: Members): Members => ({ ...message, content })

/** Sampling carries text, images and audio here; everything else is told as text. */
function plainBlocks(block: Members): Members[] {
  switch (block.type) {
    case 'tool_use':
      return [textInstead(block, `called the tool ${String(block.name)} with ${JSON.stringify(block.input ?? {})}`)]
    case 'tool_result':
      return toolResult(block)
    case 'resource_link':
      return [textInstead(block, `${String(block.name)}: ${String(block.uri)}`)]
    case 'resource':
      return [textInstead(block, embedded(block.resource))]
    default:
      return [block]
  }
}

function toolResult(block: Members): Members[] {
  const blocks = Array.isArray(block.content) ? block.content.filter(isObject).flatMap(plainBlocks) : []
  const said = blocks.length > 0 ? blocks : [textInstead(block, JSON.stringify(block.structuredContent ?? {}))]
  return block.isError === true ? [textInstead(block, 'the tool failed'), ...said] : said
}

function embedded(resource: unknown): string {
  if (!isObject(resource)) return 'a resource'
  return typeof resource.text === 'string' ? resource.text : `a resource at ${String(resource.uri)}`
}
