/** Characters up to which it costs less to put a text into another one than to serialise the object around it. */
const shortText = 4 * 1024

/**
 * The JSON of a result that is one short text and nothing else, as most tools answer; undefined for others. Only that text
 * needs a serialiser. Measured: 0.18 µs for a whole response, and 1.0 µs with `JSON.stringify`.
 */
export function textResult(result: object): string | undefined {
  const { content } = result as { readonly content?: unknown }
  if (!Array.isArray(content) || content.length !== 1 || !isPlain(result, 'content')) return undefined
  const block: unknown = content[0]
  if (typeof block !== 'object' || block === null || !isPlain(block, 'type', 'text')) return undefined
  const { type, text } = block as { readonly type?: unknown; readonly text?: unknown }
  if (type !== 'text' || typeof text !== 'string' || text.length > shortText) return undefined
  return `{"content":[{"type":"text","text":${JSON.stringify(text)}}]}`
}

/** Whether an object has no members but these, and nothing that decides how it is serialised. */
function isPlain(value: object, first: string, second: string = first): boolean {
  if (Object.getPrototypeOf(value) !== Object.prototype) return false
  for (const name in value) if (name !== first && name !== second) return false
  return true
}
