import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { withLock } from './lock.ts'

vi.mock('node:fs', async original => ({
  ...(await original<typeof import('node:fs')>()),
  linkSync: () => {
    throw Object.assign(new Error('EPERM: operation not permitted, link'), { code: 'EPERM' })
  },
}))

test('where a file system has no hard links, the lock is held by one at a time all the same', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lock-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'lock')
  let running = 0
  const most: number[] = []
  const work = async (): Promise<void> => {
    running += 1
    most.push(running)
    expect(existsSync(path)).toBe(true)
    await new Promise(resolve => setTimeout(resolve, 10))
    running -= 1
  }
  // A path of its own for each, so that they meet at the file and do not queue within this process.
  await Promise.all([path, join(folder, '.', 'lock'), `${folder}//lock`].map(name => withLock(name, work)))
  expect(most).toEqual([1, 1, 1])
  expect(existsSync(path)).toBe(false)
})
