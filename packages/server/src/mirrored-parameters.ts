import {
  type Caller,
  code,
  decodeHeaderValue,
  type MirroredParameter,
  mirroredParameters,
  mirroredValue,
  ProtocolError,
} from '@interlock/protocol'

/** @throws TypeError for annotations that make clients leave the tool out. */
export function soundMirrored(inputSchema: unknown, tool: string): readonly MirroredParameter[] {
  const found = mirroredParameters(inputSchema)
  if (found.kind === 'broken') throw new TypeError(`clients would leave out tool "${tool}": ${found.reason}`)
  return found.parameters
}

/** @throws ProtocolError −32020 when a header does not repeat its argument; nothing is asked of other transports. */
export function checkMirrored(parameters: readonly MirroredParameter[], given: unknown, caller: Caller): void {
  for (const parameter of caller.header === undefined ? [] : parameters) {
    const { header } = parameter
    const value = mirroredValue(parameter, given)
    const text = caller.header?.(header)?.trim()
    const isAbsent = value === undefined || value === null
    if (isAbsent && text === undefined) continue
    if (text === undefined) throw mismatch(`${header} header is missing`)
    const decoded = decodeHeaderValue(text)
    if (decoded === undefined) throw mismatch(`${header} header is not validly encoded`)
    if (isAbsent || !isSame(decoded, value)) throw mismatch(`${header} header does not match the body`)
  }
}

/** Numbers are compared as numbers. */
function isSame(text: string, value: unknown): boolean {
  if (typeof value === 'number') return text !== '' && Number(text) === value
  return (typeof value === 'string' || typeof value === 'boolean') && text === String(value)
}

const mismatch = (what: string): ProtocolError => new ProtocolError(code.headerMismatch, `Header mismatch: ${what}`)
