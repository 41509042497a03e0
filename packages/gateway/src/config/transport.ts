import { nearest } from '@interlock/protocol'
import { type JsonNode, kindOf } from './document.ts'
import { quoted } from './error.ts'
import type { Members, Scope } from './scope.ts'

/** What `type` or `transport` says, in our words and in the file's. */
export interface DeclaredTransport {
  /** `sse` is HTTP+SSE, what HTTP was in the oldest revision. */
  readonly kind: 'stdio' | 'http' | 'sse'
  readonly member: 'type' | 'transport'
  readonly word: string
  readonly offset: number
}

const kinds: Readonly<Record<string, 'stdio' | 'http' | 'sse'>> = {
  stdio: 'stdio',
  http: 'http',
  'streamable-http': 'http',
  streamableHttp: 'http',
  sse: 'sse',
}

/** The declared transport, or undefined when there is none or it has a mistake, which is then reported. */
export function readTransport(scope: Scope, members: Members): DeclaredTransport | undefined {
  const [first, second] = (['type', 'transport'] as const).flatMap(member => {
    const node = members.get(member)
    return node === undefined ? [] : [{ member, node }]
  })
  const declared = first && readDeclared(scope, first.member, first.node)
  const again = second && readDeclared(scope, second.member, second.node)
  if (declared === undefined || again === undefined || declared.kind === again.kind) return declared ?? again
  const spot = { offset: again.offset, member: again.member }
  scope.problem(
    'transport_mismatch',
    spot,
    `says ${quoted(again.word)} while "type" says ${quoted(declared.word)}; keep one`,
  )
  return undefined
}

function readDeclared(scope: Scope, member: 'type' | 'transport', node: JsonNode): DeclaredTransport | undefined {
  const spot = { offset: node.offset, member }
  const expected = '"stdio" or "http" is expected, or no such member: "command" and "url" tell them apart'
  if (node.kind !== 'string') {
    scope.problem('transport_unknown', spot, `found ${kindOf(node)}; ${expected}`)
    return undefined
  }
  const word = node.value
  const kind = Object.hasOwn(kinds, word) ? kinds[word] : undefined
  if (kind === undefined) {
    const near = nearest(word, Object.keys(kinds))
    scope.problem(
      'transport_unknown',
      spot,
      `${quoted(word)} is not a transport; ${expected}`,
      near && `did you mean "${near}"?`,
    )
    return undefined
  }
  return { kind, member, word, offset: node.offset }
}
