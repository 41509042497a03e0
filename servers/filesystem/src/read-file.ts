import type { FileHandle } from 'node:fs/promises'
import type { Area } from './area.ts'
import { find } from './find.ts'
import { sized } from './limits.ts'
import { type Content, contentOf, headBytes } from './media.ts'
import { openFile } from './place.ts'
import { explained, quoted, Refusal } from './refusal.ts'

export interface ReadRequest {
  readonly path: string
  /** First line, counted from 1; a negative number counts lines from the end. */
  readonly offset?: number | undefined
  /** Lines at most. */
  readonly limit?: number | undefined
  /** First byte, instead of `offset`; given by the note of an answer that was cut. */
  readonly fromByte?: number | undefined
}

export type ReadAnswer =
  | { readonly kind: 'text'; readonly text: string; readonly note?: string | undefined }
  | { readonly kind: 'image' | 'audio'; readonly mimeType: string; readonly data: string }

const newline = 0x0a
const chunkBytes = 64 * 1024

/** Reads text (UTF-8, cut at `answerBytes` with a note that says how to go on), an image or a sound. */
export function readFile(area: Area, request: ReadRequest, signal?: AbortSignal): Promise<ReadAnswer> {
  return explained(request.path, async () => {
    await using place = await find(area, request.path)
    await using file = await openFile(area, place)
    const content = contentOf(await readAt(file, 0, headBytes))
    if (content.kind === 'text') return await readText({ area, file, request, signal, size: place.stats.size })
    return await readMedia(area, file, content, request.path)
  })
}

/** Reads the whole of an open file, or refuses one above `maxBytes`; a file that grows meanwhile is refused as well. */
export async function readWhole(file: FileHandle, maxBytes: number, path: string): Promise<Buffer> {
  const bytes = await readAt(file, 0, maxBytes + 1)
  if (bytes.length <= maxBytes) return bytes
  throw new Refusal(`${quoted(path)} is larger than ${sized(maxBytes)}, the most that is handled at once`)
}

async function readMedia(
  { limits }: Area,
  file: FileHandle,
  content: Exclude<Content, { kind: 'text' }>,
  path: string,
): Promise<ReadAnswer> {
  if (content.kind === 'binary') {
    throw new Refusal(`${quoted(path)} is ${content.what}; only UTF-8 text, images and sounds can be read`)
  }
  const data = (await readWhole(file, limits.mediaBytes, path)).toString('base64')
  return { kind: content.kind, mimeType: content.mimeType, data }
}

interface Reading {
  readonly area: Area
  readonly file: FileHandle
  readonly request: ReadRequest
  readonly size: number
  readonly signal: AbortSignal | undefined
}

async function readText(reading: Reading): Promise<ReadAnswer> {
  const { area, file, request } = reading
  const start = await startOf(reading)
  const bytes = await readAt(file, start, area.limits.answerBytes + 1)
  if (start > 0 && bytes.length === 0) {
    throw new Refusal(`${quoted(request.path)} ends before that, at byte ${reading.size}; read from an earlier place`)
  }
  const cut = cutAt(bytes, request.limit ?? Number.POSITIVE_INFINITY, area.limits.answerBytes)
  const begin = start === 0 && bytes.subarray(0, 3).equals(byteOrderMark) ? 3 : request.fromByte ? continued(bytes) : 0
  const text = decoded(bytes.subarray(begin, cut), request.path)
  if (cut === bytes.length) return { kind: 'text', text, note: tailNote(reading, start) }
  const rest = start + cut
  const note = `[cut after ${sized(cut)}; for the rest of ${sized(reading.size)} call read_file with from_byte ${rest}]`
  return { kind: 'text', text, note }
}

/** Says that lines counted from the end did not all fit. */
function tailNote({ request, size, area }: Reading, start: number): string | undefined {
  const { answerBytes } = area.limits
  if ((request.offset ?? 1) >= 0 || start > size - answerBytes + 3 || size <= answerBytes) return undefined
  return `[only the last ${sized(size - start)} are shown; for what comes before, read with a positive offset or from_byte]`
}

const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf])

/** The byte the asked-for text begins at. */
async function startOf(reading: Reading): Promise<number> {
  const { request, size, area, file } = reading
  if (request.fromByte !== undefined) return request.fromByte
  const offset = request.offset ?? 1
  if (offset >= 0) return startOfLine(reading, Math.max(offset, 1))
  const windowStart = Math.max(0, size - area.limits.answerBytes)
  const window = await readAt(file, windowStart, area.limits.answerBytes)
  let at = window.at(-1) === newline ? window.length - 1 : window.length
  for (let lines = 0; lines < -offset; lines++) {
    if (at <= 0) return windowStart + (windowStart > 0 ? continued(window) : 0)
    at = window.lastIndexOf(newline, at - 1)
    if (at === -1) return windowStart + (windowStart > 0 ? continued(window) : 0)
  }
  return windowStart + at + 1
}

async function startOfLine({ file, request, area, signal }: Reading, line: number): Promise<number> {
  let current = 1
  let isLineOpen = false
  for (let position = 0; current < line; position += chunkBytes) {
    signal?.throwIfAborted()
    if (position > area.limits.scanBytes) {
      throw new Refusal(
        `line ${line} is more than ${sized(area.limits.scanBytes)} into the file; use from_byte instead`,
      )
    }
    const chunk = await readAt(file, position, chunkBytes)
    for (let at = chunk.indexOf(newline); at !== -1; at = chunk.indexOf(newline, at + 1)) {
      if (++current === line) return position + at + 1
    }
    if (chunk.length > 0) isLineOpen = chunk.at(-1) !== newline
    if (chunk.length < chunkBytes) {
      throw new Refusal(
        `${quoted(request.path)} ends after line ${isLineOpen ? current : current - 1}; use a lower offset`,
      )
    }
  }
  return 0
}

/** How many of `bytes` to answer with: whole lines if there are any, else whole characters. */
function cutAt(bytes: Buffer, maxLines: number, maxBytes: number): number {
  let end = 0
  for (let lines = 0; lines < maxLines; lines++) {
    const at = bytes.indexOf(newline, end)
    if (at === -1 || at >= maxBytes) {
      if (bytes.length <= maxBytes) return bytes.length
      return end > 0 ? end : wholeCharacters(bytes, maxBytes)
    }
    end = at + 1
  }
  return end
}

/** The largest end up to `end` that does not split a UTF-8 character. */
function wholeCharacters(bytes: Buffer, end: number): number {
  let at = end
  while (at > 0 && end - at < 4 && isContinuation(bytes[at])) at--
  return at > 0 ? at : end
}

/** How many bytes at the beginning belong to a character that began before. */
function continued(bytes: Buffer): number {
  let count = 0
  while (count < 3 && isContinuation(bytes[count])) count++
  return count
}

const isContinuation = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xc0) === 0x80

function decoded(bytes: Buffer, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    throw new Refusal(`${quoted(path)} is not UTF-8 text; only UTF-8 text, images and sounds can be read`, { cause })
  }
}

/** Reads until `length` bytes are there or the file ends. Starts small, since most files are. */
export async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  let buffer = Buffer.allocUnsafe(Math.min(length, chunkBytes))
  let filled = 0
  for (;;) {
    const { bytesRead } = await file.read(buffer, filled, buffer.length - filled, position + filled)
    filled += bytesRead
    if (bytesRead === 0 || filled === length) return buffer.subarray(0, filled)
    if (filled < buffer.length) continue
    const larger = Buffer.allocUnsafe(Math.min(length, buffer.length * 4))
    buffer.copy(larger, 0, 0, filled)
    buffer = larger
  }
}
