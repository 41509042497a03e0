/** A body is larger than its reader takes. */
export class TooLarge extends Error {
  override readonly name = 'TooLarge'
}

/**
 * Reads a body as text, up to `maxBytes`, and lets go of the rest.
 * @throws TooLarge
 */
export async function boundedText(response: Response, maxBytes: number): Promise<string> {
  const reader = response.body?.getReader()
  if (reader === undefined) return ''
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return text + decoder.decode()
    bytes += value.byteLength
    if (bytes > maxBytes) {
      await reader.cancel().catch(() => undefined)
      throw new TooLarge(`more than ${maxBytes} bytes`)
    }
    text += decoder.decode(value, { stream: true })
  }
}
