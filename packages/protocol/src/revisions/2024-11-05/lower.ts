import type { Lowering, Lowerings } from '../../revision.ts'
import { blocks, items, member, ofType, textInstead, without } from '../lowering.ts'

const audioAsText: Lowering = ofType('audio', block =>
  textInstead(
    block,
    `audio of type ${String(block.mimeType)} was left out: this connection carries text and images only`,
  ),
)

/** From 2025-03-26. */
export const lower: Lowerings = {
  results: {
    ...blocks(audioAsText),
    'tools/list': items('tools', without('annotations')),
    'sampling/createMessage': member('content', audioAsText),
  },
  requests: {
    'sampling/createMessage': items('messages', member('content', audioAsText)),
  },
  notifications: {
    'notifications/progress': without('message'),
  },
  capabilities: without('completions'),
}
