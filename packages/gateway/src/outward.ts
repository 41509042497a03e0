import { isObject, type Outcome } from '@interlock/protocol'

/** Under which URI clients know a server's own. */
export type KnownAs = (own: string) => string

type Members = Record<string, unknown>

/**
 * An outcome whose links and contents name resources as clients know them. Most servers' URIs are known as they are; then
 * nothing is copied.
 */
export function outward(outcome: Outcome, knownAs: KnownAs): Outcome {
  if (outcome.kind !== 'complete') return outcome
  const result = rewritten(outcome.result as Members, knownAs) // results are objects
  return result === outcome.result ? outcome : { ...outcome, result }
}

function rewritten(result: Members, knownAs: KnownAs): Members {
  const { content, messages, contents } = result
  const block = (value: Members): Members => ofBlock(value, knownAs)
  if (Array.isArray(content)) return withList(result, 'content', content, block)
  if (Array.isArray(contents)) return withList(result, 'contents', contents, value => withUri(value, knownAs))
  if (!Array.isArray(messages)) return result
  return withList(result, 'messages', messages, message => {
    if (!isObject(message['content'])) return message
    const changed = block(message['content'])
    return changed === message['content'] ? message : { ...message, content: changed }
  })
}

function ofBlock(block: Members, knownAs: KnownAs): Members {
  if (block['type'] === 'resource_link') return withUri(block, knownAs)
  const { resource } = block
  if (block['type'] !== 'resource' || !isObject(resource)) return block
  const changed = withUri(resource, knownAs)
  return changed === resource ? block : { ...block, resource: changed }
}

function withUri(value: Members, knownAs: KnownAs): Members {
  const { uri } = value
  if (typeof uri !== 'string') return value
  const known = knownAs(uri)
  return known === uri ? value : { ...value, uri: known }
}

function withList(
  result: Members,
  name: string,
  list: readonly unknown[],
  change: (value: Members) => Members,
): Members {
  const changed = list.map(value => (isObject(value) ? change(value) : value))
  return changed.every((value, at) => value === list[at]) ? result : { ...result, [name]: changed }
}
