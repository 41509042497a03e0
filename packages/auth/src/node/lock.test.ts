import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { withLock } from './lock.ts'

let folder = ''
let path = ''
const children: ChildProcess[] = []

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'interlock-lock-'))
  path = join(folder, 'a.lock')
})

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  await rm(folder, { recursive: true })
})

function run(...args: readonly string[]): ChildProcess {
  const fixture = fileURLToPath(new URL('../testing/lock-child.ts', import.meta.url))
  const child = spawn(process.execPath, ['--import', 'tsx', fixture, ...args], { stdio: ['pipe', 'pipe', 'inherit'] })
  children.push(child)
  return child
}

async function holding(): Promise<ChildProcess> {
  const child = run('hold', path)
  if (child.stdout === null) throw new Error('no output')
  await once(child.stdout, 'data')
  return child
}

test('six processes that compete never run their work at the same time, and leave nothing behind', async () => {
  const counter = join(folder, 'counter')
  await writeFile(counter, '0')
  const codes = await Promise.all(
    Array.from({ length: 6 }, async () => (await once(run('count', path, counter, '15'), 'exit'))[0] as unknown),
  )
  expect(codes).toEqual([0, 0, 0, 0, 0, 0])
  expect(await readFile(counter, 'utf8')).toBe('90')
  expect(await readdir(folder)).toEqual(['counter'])
})

test('calls in one process take turns, in order, and a failure frees the lock', async () => {
  const seen: number[] = []
  const calls = Array.from({ length: 20 }, (_, at) =>
    withLock(path, async () => {
      seen.push(at)
      await Promise.resolve()
      if (at === 3) throw new Error('no luck')
    }),
  )
  const ends = await Promise.allSettled(calls)
  expect(ends.map(end => end.status).filter(status => status === 'rejected')).toHaveLength(1)
  expect(seen).toEqual(Array.from({ length: 20 }, (_, at) => at))
  expect(await readdir(folder)).toEqual([])
})

test('a waiter goes on as soon as the holder is done', async () => {
  const child = await holding()
  let isMine = false
  const mine = withLock(path, async () => {
    isMine = true
  })
  expect(isMine).toBe(false)
  child.stdin?.end()
  await mine
  expect(isMine).toBe(true)
})

test('the lock of a process that was killed is taken over at once', async () => {
  const child = await holding()
  child.kill('SIGKILL')
  await once(child, 'exit')
  expect(await withLock(path, async () => 'mine', { waitMs: 2000, staleMs: 60_000 })).toBe('mine')
})

test('the wait has an end, which names the holder and the file; the holder keeps the lock', async () => {
  const child = await holding()
  await expect(withLock(path, async () => 'mine', { waitMs: 100 })).rejects.toThrow(
    `the process ${child.pid} has held ${path} for 0.1 s; end it, or remove that file if it is no process of Interlock`,
  )
  expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ pid: child.pid })
})

test('who does not want the lock any more stops waiting for it', async () => {
  await holding()
  const stop = new AbortController()
  const mine = withLock(path, async () => 'mine', {}, stop.signal)
  stop.abort(new Error('changed my mind'))
  await expect(mine).rejects.toThrow('changed my mind')
})

const elsewhere = JSON.stringify({ token: 'x', pid: 1, place: 'another machine' })

test.each([elsewhere, '', 'nonsense'])(
  'a lock without a sign of life is taken over after a while: %s',
  async content => {
    await writeFile(path, content)
    const started = performance.now()
    expect(await withLock(path, async () => 'mine', { staleMs: 150 })).toBe('mine')
    expect(performance.now() - started).toBeGreaterThan(150)
  },
)

test('a lock whose holder elsewhere shows that it lives is not taken over, however long it is held', async () => {
  await writeFile(path, elsewhere)
  const beat = setInterval(() => void utimes(path, new Date(), new Date()), 20)
  const taken = withLock(path, async () => 'mine', { staleMs: 200, waitMs: 600 })
  await expect(taken)
    .rejects.toThrow('the process 1 has held')
    .finally(() => clearInterval(beat))
})

test('a holder whose lock was taken over does not remove that of the next one', async () => {
  await withLock(path, async () => writeFile(path, elsewhere))
  expect(await readFile(path, 'utf8')).toBe(elsewhere)
})

test('what a crash during a takeover left does not stop the next one', async () => {
  await writeFile(path, elsewhere)
  await writeFile(`${path}.takeover`, '')
  await utimes(`${path}.takeover`, new Date(0), new Date(0))
  expect(await withLock(path, async () => 'mine', { staleMs: 50, waitMs: 5000 })).toBe('mine')
  expect(await readdir(folder)).toEqual([])
})
