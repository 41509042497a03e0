import { Buffer } from 'node:buffer'

/** Length from which copies of a text cost more than what is done to spare them. */
const longText = 64 * 1024

/** Whether it is worth making the bytes of a text before they are written, rather than to copy it as a text first. */
export const isLong = (text: string): boolean => text.length >= longText

/**
 * The bytes of a long text and of what follows it, in memory of the right size and with no text that holds both. Measured
 * with 10 MB of ASCII and a line feed: 4.6 ms, and 15.5 ms for joining them as a text and encoding that.
 */
export function encode(text: string, after: string = ''): Buffer {
  const textBytes = Buffer.byteLength(text)
  const bytes = Buffer.allocUnsafeSlow(textBytes + Buffer.byteLength(after))
  bytes.write(text, 0, textBytes === text.length ? 'latin1' : 'utf8')
  bytes.write(after, textBytes, 'utf8')
  return bytes
}
