import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, onTestFinished, test } from 'vitest'
import { isRunning, parsePs, processTable, startedAt } from './process-table.ts'
import { fixture, nextLine, survivors } from './testing/processes.ts'
import { hostMarker, newTreeMarker, ProcessTree, treeVariable } from './tree.ts'

const onLinux = process.platform === 'linux'
const onWindows = process.platform === 'win32'

/** A process in a group of its own that ends only by SIGKILL. */
async function stubborn(env: NodeJS.ProcessEnv = process.env): Promise<ChildProcess & { pid: number }> {
  const child = spawn(process.execPath, [fixture('stubborn.mjs')], {
    detached: true,
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  await nextLine(child.stdout)
  const { pid } = child
  if (pid === undefined) throw new Error('the fixture did not start')
  return Object.assign(child, { pid })
}

test('each tree has a marker of its own that names this host', () => {
  const [one, two] = [newTreeMarker(), newTreeMarker()]
  expect(one.marker).not.toBe(two.marker)
  expect(one.marker.startsWith(`${hostMarker}.`)).toBe(true)
})

test('a marker is put behind that of a host above', () => {
  process.env[treeVariable] = 'outer.1'
  onTestFinished(() => void delete process.env[treeVariable])
  const { marker, value } = newTreeMarker()
  expect(value).toBe(`outer.1:${marker}`)
})

test.skipIf(onWindows)('a tree ends, by force where needed, and says so', async () => {
  const child = await stubborn()
  const tree = new ProcessTree(child.pid, 'unused')
  child.once('exit', () => tree.rootReaped())
  expect(await tree.refresh()).toBe(true)
  expect(await tree.gone(0)).toBe(false)
  const exited = once(child, 'exit')
  expect(await tree.end(50)).toBe(true)
  expect(await exited).toEqual([null, 'SIGKILL'])
  expect(await tree.refresh()).toBe(false)
})

test.runIf(onLinux)('a marked process belongs to the tree, and a longer or shorter marker is another', async () => {
  const root = await stubborn()
  const [inside, outside] = await Promise.all([
    stubborn({ [treeVariable]: 'above.1:mark.1:below.7' }),
    stubborn({ [treeVariable]: 'mark.11:mark' }),
  ])
  expect(await new ProcessTree(root.pid, 'mark.1').end(0)).toBe(true)
  expect(await survivors([root.pid, inside.pid], 0)).toEqual([])
  expect(await survivors([outside.pid], 0)).toEqual([outside.pid])
})

test.runIf(onLinux)('a process older than the root is never part of its tree', async () => {
  const older = await stubborn({ [treeVariable]: 'mark.1' })
  const root = await stubborn()
  expect(startedAt(root.pid)).toBeGreaterThan(startedAt(older.pid) ?? 0)
  expect(await new ProcessTree(root.pid, 'mark.1').end(0)).toBe(true)
  expect(await survivors([older.pid], 0)).toEqual([older.pid])
})

test.skipIf(onWindows)('a group is left alone when its number has come to mean another process', async () => {
  const child = await stubborn()
  const tree = new ProcessTree(child.pid, 'unused')
  tree.rootReaped()
  expect(await tree.refresh()).toBe(false)
  expect(await tree.end(0)).toBe(true)
  expect(await survivors([child.pid], 0)).toEqual([child.pid])
})

test.each([0, 1, -1, Number.NaN])('process %d cannot be a root', pid => {
  expect(() => new ProcessTree(pid, 'unused')).toThrow(TypeError)
})

test.runIf(onLinux)('ps tells the same of a process as /proc', async () => {
  const child = await stubborn()
  const columns = 'pid=,ppid=,pgid=,stat=,lstart='
  const output = execFileSync('ps', ['-A', '-o', columns], { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } })
  const row = parsePs(output).find(({ pid }) => pid === child.pid)
  const expected = (await processTable()).find(({ pid }) => pid === child.pid)
  expect(row).toMatchObject({ parent: process.pid, group: child.pid, ended: false })
  expect(expected).toMatchObject({ parent: process.pid, group: child.pid, ended: false })
  expect(Math.abs(Date.now() - (row?.started ?? 0))).toBeLessThan(60_000)
})

test('lines of ps are read, zombies recognised, and anything else skipped', () => {
  const rows = parsePs(
    '  501     1   501 Ss   Mon Jan  5 10:11:12 2026\nnoise\n  502   501   501 Z+   Mon Jan  5 10:11:13 2026\n',
  )
  expect(rows.map(({ pid, parent, group, ended }) => [pid, parent, group, ended])).toEqual([
    [501, 1, 501, false],
    [502, 501, 501, true],
  ])
  expect((rows[1]?.started ?? 0) - (rows[0]?.started ?? 0)).toBe(1_000)
})

test.runIf(onLinux)('a number with another start time is another process', () => {
  const started = startedAt(process.pid) ?? 0
  expect(isRunning({ pid: process.pid, started })).toBe(true)
  expect(isRunning({ pid: process.pid, started: started - 1 })).toBe(false)
})
