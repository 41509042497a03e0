import { encodeHeaderValue, nameMember, type Params } from '@interlock/protocol'

export { decodeHeaderValue, encodeHeaderValue } from '@interlock/protocol'

/** The value that `Mcp-Name` repeats for this request; undefined when the request has no such header. */
function mirroredName(method: string, params: Params | undefined): string | undefined {
  const member = nameMember(method)
  const value = member === undefined ? undefined : params?.[member]
  return typeof value === 'string' ? value : undefined
}

/** The headers of a modern request that repeat members of its body, by lower-case name. */
export function standardHeaders(method: string, params: Params | undefined, version: string): Record<string, string> {
  const headers: Record<string, string> = {
    'mcp-protocol-version': version,
    'mcp-method': encodeHeaderValue(method),
  }
  const name = mirroredName(method, params)
  if (name !== undefined) headers['mcp-name'] = encodeHeaderValue(name)
  return headers
}
