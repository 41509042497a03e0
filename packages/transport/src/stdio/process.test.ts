import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { type Child, type Exit, type LaunchSpec, launch } from './process.ts'
import { isRunning, processTable } from './process-table.ts'
import { fixture, marked, nextLine } from './testing/processes.ts'

const onLinux = process.platform === 'linux'
const onWindows = process.platform === 'win32'

afterEach(async () => {
  if (onLinux) expect(await marked()).toEqual([])
})

function script(name: string, ...args: string[]): LaunchSpec {
  return { command: process.execPath, args: [fixture(name), ...args] }
}

async function isGone(pid: number): Promise<boolean> {
  const row = (await processTable()).find(row => row.pid === pid && !row.ended)
  return row === undefined || !isRunning(row)
}

async function message(exit: Promise<Exit>): Promise<string> {
  const ended = await exit
  return ended.kind === 'failed' ? `${ended.error.code}: ${ended.error.message}` : ended.kind
}

/** The process that a spawner has started below itself. */
async function descendantOf(child: Child): Promise<number> {
  const pid = Number(await nextLine(child.stdout))
  expect(pid).toBeGreaterThan(1)
  expect(await isGone(pid)).toBe(false)
  return pid
}

test('what is written to a server comes back, and closing its input ends it', async () => {
  await using child = launch(script('echo.mjs'))
  await nextLine(child.stdout)
  child.stdin.write('hello\n')
  expect(await nextLine(child.stdout)).toBe('hello')
  expect(await child.stop()).toEqual({ kind: 'exit', code: 0 })
})

test('a server sees the default environment and what it is given, and its arguments untouched', async () => {
  process.env.INTERLOCK_TEST_SECRET = 'for us alone'
  await using child = launch({
    command: process.execPath,
    args: [fixture('echo.mjs'), '$HOME', '"; exit 1', ''],
    env: { TOKEN: 'abc' },
    cwd: tmpdir(),
  })
  const { args, env, cwd } = JSON.parse((await nextLine(child.stdout)) ?? '')
  expect(args).toEqual(['$HOME', '"; exit 1', ''])
  expect(cwd).toBe(tmpdir())
  expect(env).toMatchObject({ TOKEN: 'abc', PATH: process.env.PATH })
  expect(env.INTERLOCK_TREE).toMatch(/[0-9a-f]{32}\.\d+$/)
  expect(env).not.toHaveProperty('INTERLOCK_TEST_SECRET')
  expect(env).not.toHaveProperty('NODE_ENV')
})

test('an exit code comes with what the server said last, fit to be shown', async () => {
  const child = launch(script('failing.mjs'))
  const heard: string[] = []
  child.onStderr(line => heard.push(line))
  expect(await child.exited).toEqual({ kind: 'exit', code: 3 })
  expect(child.stderrTail()).toEqual(['starting', 'error: no database', 'Try again:'])
  expect(heard).toEqual(child.stderrTail())
  expect(await child.stop()).toEqual({ kind: 'exit', code: 3 })
})

test('a flood on standard error neither blocks the server nor fills memory', async () => {
  await using child = launch(script('flooding.mjs'))
  expect(await nextLine(child.stdout)).toBe('done')
  await child.stop()
  const tail = child.stderrTail()
  expect(tail).toHaveLength(20)
  expect(tail[0]).toBe(`${'x'.repeat(499)}…`)
  expect(tail.slice(-2)).toEqual([`${'y'.repeat(499)}…`, 'last'])
})

test('a command that is nowhere on PATH fails with what to install', async () => {
  const child = launch({ command: 'uvx', env: { PATH: '/nowhere' } })
  expect(child.pid).toBeUndefined()
  expect(await message(child.exited)).toBe(
    'command_not_found: command "uvx" was not found on PATH (/nowhere); install uv, which brings uvx, ' +
      'or give the absolute path that "which uvx" prints in a terminal',
  )
  expect(await message(child.stop())).toContain('command_not_found')
})

test('a path that leads nowhere fails with the directory it is relative to', async () => {
  expect(await message(launch({ command: './server', cwd: tmpdir() }).exited)).toBe(
    `command_not_found: command "./server" does not exist in ${JSON.stringify(tmpdir())}, ` +
      'where relative commands are looked for; correct the path',
  )
})

test('a working directory that does not exist is not mistaken for a missing command', async () => {
  const cwd = join(tmpdir(), 'interlock', 'nowhere')
  expect(await message(launch({ ...script('echo.mjs'), cwd }).exited)).toBe(
    `cwd_not_found: working directory ${JSON.stringify(cwd)} of command ${JSON.stringify(process.execPath)} ` +
      'is not an existing directory; create it or change "cwd"',
  )
})

test.each([
  ['', [], /^failed: .* must not be empty/],
  [process.execPath, ['\0'], /^failed: .* null character/],
  [tmpdir(), [], /^(command_not_executable|command_not_found): /],
  [process.execPath, ['x'.repeat(10_000_000)], /^failed: .* too long/],
])('launch does not throw (%#)', async (command, args, expected) => {
  const child = launch({ command, args })
  child.stdin.write('lost\n')
  expect(await nextLine(child.stdout)).toBeUndefined()
  expect(await message(child.exited)).toMatch(expected)
  expect(child.stderrTail()).toEqual([])
})

test.skipIf(onWindows)('a server that ignores the end of its input and SIGTERM is killed', async () => {
  const child = launch(script('stubborn.mjs'))
  await nextLine(child.stdout)
  const first = child.stop({ eofMs: 50, termMs: 100 })
  expect(child.stop()).toBe(first)
  expect(await first).toEqual({ kind: 'signal', signal: 'SIGKILL' })
})

test.skipIf(onWindows).each(['group', 'session'])('a stubborn child in the %s of its own is stopped', async how => {
  const child = launch(script('spawner.mjs', how))
  const descendant = await descendantOf(child)
  expect(await child.stop({ termMs: 100 })).toEqual({ kind: 'exit', code: 0 })
  expect(await isGone(descendant)).toBe(true)
})

test.runIf(onLinux)('a descendant is stopped that left the group and lost its parent', async () => {
  const child = launch(script('spawner.mjs', 'orphan'))
  const descendant = await descendantOf(child)
  expect(await nextLine(child.stdout)).toBe('orphaned')
  expect(await child.stop({ termMs: 100 })).toEqual({ kind: 'exit', code: 0 })
  expect(await isGone(descendant)).toBe(true)
})

test.skipIf(onWindows)('a descendant is stopped that dropped its environment and lost its parent', async () => {
  const child = launch(script('spawner.mjs', 'bare'))
  const descendant = await descendantOf(child)
  expect(await nextLine(child.stdout)).toBe('orphaned')
  await child.stop({ termMs: 100 })
  expect(await isGone(descendant)).toBe(true)
})

test.skipIf(onWindows)('what a server leaves behind is stopped when it exits by itself', async () => {
  const child = launch(script('spawner.mjs', 'leave'))
  const descendant = Number(await nextLine(child.stdout))
  expect(await child.exited).toEqual({ kind: 'exit', code: 0 })
  await child.stop()
  expect(await isGone(descendant)).toBe(true)
})

test('many servers start and stop at once', async () => {
  const children = Array.from({ length: 8 }, () => launch(script('echo.mjs')))
  const exits = await Promise.all(children.map(child => child.stop({ eofMs: 20_000 })))
  expect(exits).toEqual(children.map(() => ({ kind: 'exit', code: 0 })))
})
