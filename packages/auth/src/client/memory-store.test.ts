import { expect, test } from 'vitest'
import { memoryStore } from './memory-store.ts'

test('work for one key is done one after the other, a failure not being in the way', async () => {
  const store = memoryStore()
  const log: string[] = []
  const work = (name: string) => async (): Promise<void> => {
    log.push(`${name} begins`)
    await Promise.resolve()
    log.push(`${name} ends`)
    if (name === 'b') throw new Error('b fails')
  }
  const all = ['a', 'b', 'c'].map(name => store.exclusively('key', work(name)))
  expect((await Promise.allSettled(all)).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends'])
})

test('work for another key does not wait', async () => {
  const store = memoryStore()
  const held = store.exclusively('a', () => store.exclusively('b', async () => 'done'))
  expect(await held).toBe('done')
})
