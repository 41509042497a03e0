import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { OrphanGuard } from './orphan-guard.ts'
import { launch } from './process.ts'
import { startedAt } from './process-table.ts'
import { fixture, marked, nextLine, survivors } from './testing/processes.ts'

const onWindows = process.platform === 'win32'
const onLinux = process.platform === 'linux'

interface Host {
  readonly process: ChildProcess
  readonly guard: number
  readonly servers: readonly number[]
}

async function host(what: 'stay' | 'exit' | 'stop'): Promise<Host> {
  const child = spawn(process.execPath, ['--import', 'tsx', fixture('host.ts'), what], {
    cwd: fileURLToPath(new URL('.', import.meta.url)),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  return { process: child, ...JSON.parse((await nextLine(child.stdout)) ?? '') }
}

/** A process that ends only by SIGKILL, and that no guard knows yet. */
async function bystanding(): Promise<{ bystander: ChildProcess; pid: number }> {
  const bystander = spawn(process.execPath, [fixture('stubborn.mjs')], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  onTestFinished(() => void bystander.kill('SIGKILL'))
  await nextLine(bystander.stdout)
  return { bystander, pid: bystander.pid ?? 0 }
}

test.runIf(onLinux)('no server outlives a host that is killed', async () => {
  const { process: child, guard, servers } = await host('stay')
  expect(servers).toHaveLength(3)
  expect(await survivors([...servers, guard], 0)).toHaveLength(4)
  child.kill('SIGKILL')
  expect(await survivors([...servers, guard], 5_000)).toEqual([])
})

test.runIf(onLinux)('no server outlives a host that exits without stopping them', async () => {
  const { guard, servers } = await host('exit')
  expect(await survivors([...servers, guard], 5_000)).toEqual([])
})

test.skipIf(onWindows)('the guard keeps no host alive and ends with it', async () => {
  const { process: child, guard, servers } = await host('stop')
  expect(await once(child, 'exit')).toEqual([0, null])
  expect(await survivors([...servers, guard], 5_000)).toEqual([])
})

test.runIf(onLinux)('a host inside a host is stopped with all its servers', async () => {
  const outer = launch({
    command: process.execPath,
    args: ['--import', 'tsx', fixture('host.ts'), 'stay'],
    cwd: fileURLToPath(new URL('.', import.meta.url)),
  })
  const { guard, servers }: Host = JSON.parse((await nextLine(outer.stdout)) ?? '')
  await outer.stop({ eofMs: 0, termMs: 100 })
  expect(await survivors(servers, 0)).toEqual([])
  expect(await survivors([guard], 3_000)).toEqual([])
  expect(await marked()).toEqual([])
})

test.skipIf(onWindows)(
  'a killed guard is replaced with the next server, and the new one knows the earlier ones',
  async () => {
    const { bystander, pid } = await bystanding()
    const guard = new OrphanGuard('a marker that nobody carries')
    guard.add(pid, startedAt(pid))
    const first = guard.pid
    process.kill(first ?? 0, 'SIGKILL')
    await expect.poll(() => guard.pid).toBeUndefined()
    guard.start()
    expect(guard.pid).not.toBe(first)
    const exited = once(bystander, 'exit')
    guard.close()
    expect(await exited).toEqual([null, 'SIGKILL'])
  },
)

test.skipIf(onWindows)('a server that has ended is forgotten', async () => {
  const { pid } = await bystanding()
  const guard = new OrphanGuard('a marker that nobody carries')
  guard.add(pid, startedAt(pid))
  guard.add(pid + 1_000_000, undefined)
  guard.remove(pid)
  const guardPid = guard.pid ?? 0
  const gone = survivors([guardPid], 10_000)
  guard.close()
  expect(await gone).toEqual([])
  expect(await survivors([pid], 0)).toEqual([pid])
})

test.runIf(onLinux)('a process that took the number of a server is left alone', async () => {
  const { pid } = await bystanding()
  const guard = new OrphanGuard('a marker that nobody carries')
  guard.add(pid, (startedAt(pid) ?? 0) - 1)
  const gone = survivors([guard.pid ?? 0], 10_000)
  guard.close()
  expect(await gone).toEqual([])
  expect(await survivors([pid], 0)).toEqual([pid])
})
