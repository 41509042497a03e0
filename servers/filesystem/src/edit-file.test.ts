import { readFile as read, writeFile as write } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { applyEdits } from './apply-edits.ts'
import { editFile } from './edit-file.ts'
import { scene } from './testing/scene.ts'

const poem = 'one\ntwo\nthree\nfour\nfive\n'

test('answers with a unified diff of what it wrote', async () => {
  await using at = await scene({ 'in/poem': poem })
  const path = join(at.inside, 'poem')
  const answer = await editFile(at.area, { path: 'poem', edits: [{ oldText: 'three', newText: 'THREE' }] })
  expect(answer).toEqual({
    path,
    written: true,
    diff: `--- ${path}\n+++ ${path}\n@@ -1,5 +1,5 @@\n one\n two\n-three\n+THREE\n four\n five\n`,
  })
  expect(await read(path, 'utf8')).toBe(poem.replace('three', 'THREE'))
})

test('a dry run answers the same and changes nothing', async () => {
  await using at = await scene({ 'in/poem': poem })
  const edits = [{ oldText: 'three', newText: 'THREE' }]
  const dry = await editFile(at.area, { path: 'poem', edits, dryRun: true })
  expect(dry.written).toBe(false)
  expect(await read(join(at.inside, 'poem'), 'utf8')).toBe(poem)
  expect((await editFile(at.area, { path: 'poem', edits })).diff).toBe(dry.diff)
})

test('when one edit does not fit, none is made', async () => {
  await using at = await scene({ 'in/poem': poem })
  const edits = [
    { oldText: 'one', newText: '1' },
    { oldText: 'thre e', newText: '3' },
  ]
  await expect(editFile(at.area, { path: 'poem', edits })).rejects.toThrow(
    'old_text does not occur in the file (edit 2 of 2; nothing was changed); ' +
      'the nearest is line 3: "three"; copy it exactly, with its spaces',
  )
  expect(await read(join(at.inside, 'poem'), 'utf8')).toBe(poem)
})

test('edits at once to one file are all kept', async () => {
  const words = Array.from({ length: 12 }, (_, index) => `word${index}.`)
  await using at = await scene({ 'in/file': words.join('\n') })
  await Promise.all(
    words.map(word => editFile(at.area, { path: 'file', edits: [{ oldText: word, newText: word.toUpperCase() }] })),
  )
  expect(await read(join(at.inside, 'file'), 'utf8')).toBe(words.join('\n').toUpperCase())
})

test('a byte order mark and a missing last newline stay', async () => {
  await using at = await scene({ 'in/file': '\uFEFFa\r\nb' })
  await editFile(at.area, { path: 'file', edits: [{ oldText: 'b', newText: 'c\nd' }] })
  expect(await read(join(at.inside, 'file'), 'utf8')).toBe('\uFEFFa\r\nc\r\nd')
})

test('refuses binary content, missing files and files above the limit', async () => {
  await using at = await scene(
    { 'in/binary': Buffer.from([0xff, 0xfe]), 'in/large': 'x'.repeat(65) },
    {
      limits: { writeBytes: 64 },
    },
  )
  const edits = [{ oldText: 'x', newText: 'y' }]
  await expect(editFile(at.area, { path: 'binary', edits })).rejects.toThrow(/is not UTF-8 text/)
  await expect(editFile(at.area, { path: 'large', edits })).rejects.toThrow(/is larger than 64 bytes/)
  await expect(editFile(at.area, { path: 'none', edits })).rejects.toThrow(/nothing exists at "none"/)
})

test('a diff that is too long is cut after a line', async () => {
  await using at = await scene({}, { limits: { diffBytes: 200 } })
  await write(join(at.inside, 'file'), 'a\n'.repeat(200))
  const { diff } = await editFile(at.area, { path: 'file', edits: [{ oldText: 'a', newText: 'b', replaceAll: true }] })
  expect(diff).toMatch(/^--- .*\n-a\n\[diff cut after 200 bytes\]\n$/s)
})

describe('applyEdits', () => {
  test('edits see the result of those before them', () => {
    expect(
      applyEdits('a', [
        { oldText: 'a', newText: 'b' },
        { oldText: 'b', newText: 'c' },
      ]),
    ).toBe('c')
  })

  test('text is taken as it stands: no patterns, no "$&"', () => {
    expect(applyEdits('a.c abc', [{ oldText: 'a.c', newText: '$&$1' }])).toBe('$&$1 abc')
  })

  test('several occurrences must be meant', () => {
    expect(() => applyEdits('x\nx\nx', [{ oldText: 'x', newText: 'y' }])).toThrow(
      'old_text occurs 3 times, on lines 1, 2, 3; add lines around it to choose one, or set replace_all',
    )
    expect(applyEdits('x\nx\nx', [{ oldText: 'x', newText: 'y', replaceAll: true }])).toBe('y\ny\ny')
  })

  test.each([
    ['a file of \\r\\n lines', 'a\r\nb\r\nc\r\n', 'a\nb', 'A\nB', 'A\r\nB\r\nc\r\n'],
    ['a file of \\n lines', 'a\nb\nc\n', 'a\nb', 'A\nB', 'A\nB\nc\n'],
    ['mixed lines', 'a\r\nb\nc\n', 'b\n', 'B\n', 'a\r\nB\nc\n'],
  ])('%s keeps its line endings', (_, text, oldText, newText, expected) => {
    expect(applyEdits(text, [{ oldText, newText }])).toBe(expected)
  })

  test('nothing near is said as such, and an empty text matches nothing', () => {
    expect(() => applyEdits('abc', [{ oldText: 'xyz', newText: '' }])).toThrow(
      'read the file and copy the text exactly',
    )
    expect(() => applyEdits('abc', [{ oldText: '', newText: 'x' }])).toThrow('old_text is empty')
  })
})
