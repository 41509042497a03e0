import { expect, test } from 'vitest'
import { type ReadAnswer, readFile } from './read-file.ts'
import { scene } from './testing/scene.ts'

const answerBytes = 32
const limits = { answerBytes, mediaBytes: 64, scanBytes: 1024 * 1024 }
const open = (content: string | Uint8Array) => scene({ 'in/file': content }, { limits })

const text = (answer: ReadAnswer): string => (answer.kind === 'text' ? answer.text : answer.kind)

test.each([
  [{}, 'one\ntwo\nthree\n'],
  [{ offset: 2 }, 'two\nthree\n'],
  [{ offset: 2, limit: 1 }, 'two\n'],
  [{ offset: -1 }, 'three\n'],
  [{ offset: -2, limit: 1 }, 'two\n'],
  [{ offset: -9 }, 'one\ntwo\nthree\n'],
  [{ fromByte: 4 }, 'two\nthree\n'],
])('%j chooses lines', async (choice, expected) => {
  await using at = await open('one\ntwo\nthree\n')
  expect(text(await readFile(at.area, { path: 'file', ...choice }))).toBe(expected)
})

test('lines at the end count whether or not the last one is ended', async () => {
  await using at = await open('\na\n\nb')
  const tail = async (offset: number) => text(await readFile(at.area, { path: 'file', offset }))
  expect(await Promise.all([-1, -2, -3, -4, -5].map(tail))).toEqual(['b', '\nb', 'a\n\nb', '\na\n\nb', '\na\n\nb'])
})

test('an empty file is empty text', async () => {
  await using at = await open('')
  expect(await readFile(at.area, { path: 'file' })).toEqual({ kind: 'text', text: '', note: undefined })
})

test('an offset behind the end says how many lines there are', async () => {
  await using at = await open('one\ntwo')
  await expect(readFile(at.area, { path: 'file', offset: 9 })).rejects.toThrow(
    '"file" ends after line 2; use a lower offset',
  )
  await expect(readFile(at.area, { path: 'file', fromByte: 70 })).rejects.toThrow(/ends before that, at byte 7/)
})

test('a long file is cut after a whole line, and following the notes gives all of it', async () => {
  const whole = Array.from({ length: 40 }, (_, index) => `line ${index} ü€😀\n`).join('')
  await using at = await open(whole)
  const pieces: string[] = []
  for (let fromByte: number | undefined = 0; fromByte !== undefined; ) {
    const answer: ReadAnswer = await readFile(at.area, { path: 'file', fromByte })
    pieces.push(text(answer))
    const note = answer.kind === 'text' ? answer.note : undefined
    fromByte = note === undefined ? undefined : Number(/from_byte (\d+)/.exec(note)?.[1])
  }
  expect(pieces.join('')).toBe(whole)
  expect(pieces.every(piece => piece.endsWith('\n') && Buffer.byteLength(piece) <= answerBytes)).toBe(true)
})

test('a line longer than an answer is cut between characters', async () => {
  const whole = '€'.repeat(50)
  await using at = await open(whole)
  const first = await readFile(at.area, { path: 'file' })
  expect(first).toEqual({
    kind: 'text',
    text: '€'.repeat(10),
    note: '[cut after 30 bytes; for the rest of 150 bytes call read_file with from_byte 30]',
  })
  expect(text(await readFile(at.area, { path: 'file', fromByte: 31 }))).toMatch(/^€+$/)
  const tail = await readFile(at.area, { path: 'file', offset: -1 })
  expect(tail).toMatchObject({ text: '€'.repeat(10), note: expect.stringMatching(/only the last 30 bytes are shown/) })
})

test('lines are found far into a file that is larger than one piece of reading', async () => {
  const lines = Array.from({ length: 20_000 }, (_, index) => `line ${index + 1}\n`)
  await using at = await open(lines.join(''))
  expect(text(await readFile(at.area, { path: 'file', offset: 15_000, limit: 2 }))).toBe('line 15000\nline 15001\n')
  expect(text(await readFile(at.area, { path: 'file', offset: -1 }))).toBe('line 20000\n')
})

test('a search for a line ends when the caller goes away', async () => {
  await using at = await open('a\n'.repeat(1000))
  const reading = readFile(at.area, { path: 'file', offset: 500 }, AbortSignal.abort())
  await expect(reading).rejects.toThrow(/abort/i)
})

test('a byte order mark is no part of the text', async () => {
  await using at = await open('\uFEFFtext')
  expect(text(await readFile(at.area, { path: 'file' }))).toBe('text')
})

test.each([
  ['image', 'image/png', '\x89PNG\r\n\x1a\n....'],
  ['image', 'image/jpeg', '\xff\xd8\xff\xe0....'],
  ['image', 'image/gif', 'GIF89a....'],
  ['image', 'image/webp', 'RIFF....WEBPVP8 '],
  ['audio', 'audio/wav', 'RIFF....WAVEfmt '],
  ['audio', 'audio/ogg', 'OggS....'],
  ['audio', 'audio/mpeg', 'ID3\x04....'],
])('by its first bytes: %s of type %s', async (kind, mimeType, content) => {
  const bytes = Buffer.from(content, 'latin1')
  await using at = await open(bytes)
  expect(await readFile(at.area, { path: 'file' })).toEqual({ kind, mimeType, data: bytes.toString('base64') })
})

test.each([
  ['a PDF', Buffer.from('%PDF-1.7'), /is a PDF document; only UTF-8 text, images and sounds/],
  ['zeros', Buffer.from([1, 0, 2]), /is binary content; only/],
  ['UTF-16', Buffer.from('\uFEFFhi', 'utf16le'), /is UTF-16 text; only/],
  ['Latin-1', Buffer.from('caf\xe9!', 'latin1'), /is not UTF-8 text; only/],
  ['a large image', Buffer.concat([Buffer.from('GIF89a'), Buffer.alloc(100)]), /is larger than 64 bytes/],
])('%s is refused', async (_, content, message) => {
  await using at = await open(content)
  await expect(readFile(at.area, { path: 'file' })).rejects.toThrow(message)
})

test('what is missing or a folder is refused with what to do instead', async () => {
  await using at = await open('x')
  const refusals = ['nothing', 'file/below', '.'].map(path => readFile(at.area, { path }).catch(error => error.message))
  expect(await Promise.all(refusals)).toEqual([
    'nothing exists at "nothing"; look around with list_directory',
    '"file" in "file/below" is no folder',
    'this is a folder; use list_directory',
  ])
})
