import type { Meta } from './jsonrpc/message.ts'

/** `_meta` keys that the specification reserves (Base Protocol, `_meta`). */
export const metaKey = {
  protocolVersion: 'io.modelcontextprotocol/protocolVersion',
  clientInfo: 'io.modelcontextprotocol/clientInfo',
  clientCapabilities: 'io.modelcontextprotocol/clientCapabilities',
  logLevel: 'io.modelcontextprotocol/logLevel',
  serverInfo: 'io.modelcontextprotocol/serverInfo',
  subscriptionId: 'io.modelcontextprotocol/subscriptionId',
  progressToken: 'progressToken',
} as const

const envelopeKeys: ReadonlySet<string> = new Set([
  metaKey.protocolVersion,
  metaKey.clientInfo,
  metaKey.clientCapabilities,
  metaKey.logLevel,
  metaKey.progressToken,
])

/** As keys of `_meta` are named, here always with a prefix (specification: Versioning, Extension Negotiation). */
const extensionId =
  /^[a-z](?:[a-z\d-]*[a-z\d])?(?:\.[a-z](?:[a-z\d-]*[a-z\d])?)*\/(?:[a-z\d](?:[a-z\d._-]*[a-z\d])?)?$/i

export const isExtensionId = (id: string): boolean => extensionId.test(id)

/** What remains of a request's `_meta` without the keys that belong to one hop: trace context, extensions' keys. */
export function withoutEnvelope(meta: Meta | undefined): Meta {
  if (meta === undefined) return {}
  return Object.fromEntries(Object.entries(meta).filter(([key]) => !envelopeKeys.has(key)))
}
