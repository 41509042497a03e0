import { fork } from 'node:child_process'
import { once } from 'node:events'
import { lstat, readFile as read, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { editFile } from './edit-file.ts'
import { listDirectory } from './list-directory.ts'
import { readFile } from './read-file.ts'
import { Refusal } from './refusal.ts'
import { searchFiles } from './search-files.ts'
import { type Scene, scene } from './testing/scene.ts'
import { writeFile } from './write-file.ts'

const rounds = 200
/** Where every try met the link, more are made: a busy machine may let both processes run in step. */
const mostRounds = 100 * rounds

/** Swaps `name` inside for a link to `target` outside and back, as fast as a process can, while `work` runs. */
async function whileSwapped(at: Scene, name: string, target: string, work: () => Promise<void>): Promise<void> {
  const path = join(at.inside, name)
  const swapper = fork(join(import.meta.dirname, 'testing/swap.ts'), [path, target], {
    execArgv: ['--import', 'tsx'],
  })
  const ended = once(swapper, 'exit')
  try {
    await once(swapper, 'message')
    await work()
    expect(swapper.connected).toBe(true)
  } finally {
    if (swapper.connected) swapper.disconnect()
    await ended
  }
}

/** What became of many tries: how often each succeeded and was refused, so that a race that never ran is noticed. */
async function tally<Answer>(count: number, run: (round: number) => Promise<Answer>): Promise<Answer[]> {
  const answers: Answer[] = []
  for (let round = 0; round < count || (answers.length === 0 && round < mostRounds); round++) {
    try {
      answers.push(await run(round))
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
    }
  }
  return answers
}

describe.runIf(process.platform === 'linux')('while a name is swapped for a link to outside and back', () => {
  test('a file that is swapped is never read or changed outside', async () => {
    await using at = await scene({ 'in/file': 'inside', 'out/file': 'OUTSIDE' })
    await whileSwapped(at, 'file', join(at.outside, 'file'), async () => {
      const texts = await tally(rounds, () => readFile(at.area, { path: 'file' }))
      expect(texts.length).toBeGreaterThan(0)
      expect(texts.filter(answer => JSON.stringify(answer).includes('OUTSIDE'))).toEqual([])
      await tally(rounds, () => writeFile(at.area, { path: 'file', content: 'inside, written' }))
      await tally(rounds, () => editFile(at.area, { path: 'file', edits: [{ oldText: 'in', newText: 'in' }] }))
    })
    expect(await read(join(at.outside, 'file'), 'utf8')).toBe('OUTSIDE')
    expect(await readdir(at.outside)).toEqual(['file'])
  })

  test('in a folder that is swapped nothing is read, listed, found, made or changed outside', async () => {
    await using at = await scene({ 'in/sub/file': 'inside', 'out/file': 'OUTSIDE', 'out/only-outside': 'OUTSIDE' })
    const before = await lstat(at.outside)
    await whileSwapped(at, 'sub', at.outside, async () => {
      const answers = [
        await tally(rounds, () => readFile(at.area, { path: 'sub/file' })),
        await tally(rounds, () => listDirectory(at.area, 'sub')),
        await tally(rounds, () => searchFiles(at.area, { text: 'side', ignoreCase: true })),
      ]
      for (const kind of answers) {
        expect(kind.length).toBeGreaterThan(0)
        expect(JSON.stringify(kind)).not.toMatch(/OUTSIDE|only-outside/)
      }
      await tally(rounds, round => writeFile(at.area, { path: 'sub/file', content: `inside ${round}` }))
      await tally(rounds, round => writeFile(at.area, { path: `sub/new-${round}`, content: 'new' }))
      await tally(rounds, round =>
        writeFile(at.area, { path: `sub/made-${round}/new`, content: 'new', createFolders: true }),
      )
    })
    expect((await readdir(at.outside)).toSorted()).toEqual(['file', 'only-outside'])
    expect(await read(join(at.outside, 'file'), 'utf8')).toBe('OUTSIDE')
    expect((await lstat(at.outside)).mtimeMs).toBe(before.mtimeMs)
  })
})
