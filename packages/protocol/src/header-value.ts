/** A text as the value of a mirrored header: as it is where that is safe, else wrapped in Base64 (Value Encoding). */
export function encodeHeaderValue(text: string): string {
  if (plain.test(text) && !isWrapped(text)) return text
  return prefix + toBase64(text) + suffix
}

/**
 * The text behind a mirrored header's value; undefined when it has characters that a header must not have, or is wrapped
 * but what is in it is no Base64 of UTF-8.
 */
export function decodeHeaderValue(text: string): string | undefined {
  if (!sound.test(text)) return undefined
  return isWrapped(text) ? fromBase64(text.slice(prefix.length, -suffix.length)) : text
}

const prefix = '=?base64?'
const suffix = '?='
/** Visible ASCII, with spaces inside only: proxies trim blanks at the ends and some replace tabs. */
const plain = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/
/** What a header's value may hold (RFC 9110, Section 5.5), without the letters beyond ASCII that it is obsolete to send. */
const sound = /^[\t\x20-\x7e]*$/
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

const isWrapped = (text: string): boolean =>
  text.length >= prefix.length + suffix.length && text.startsWith(prefix) && text.endsWith(suffix)

function toBase64(text: string): string {
  let latin1 = ''
  for (const byte of new TextEncoder().encode(text)) latin1 += String.fromCharCode(byte)
  return btoa(latin1)
}

function fromBase64(text: string): string | undefined {
  if (!base64.test(text)) return undefined
  const bytes = Uint8Array.from(atob(text), character => character.charCodeAt(0))
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}
