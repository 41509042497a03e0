import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { descendants, residentMb } from './processes.ts'

const nested = `
  const { spawn } = require('node:child_process')
  const child = spawn(process.execPath, ['-e', 'console.log("ready"); setInterval(() => {}, 1000)'], { stdio: ['ignore', 'inherit', 'ignore'] })
  process.on('SIGTERM', () => { child.kill(); process.exit() })`

test.runIf(existsSync('/proc/self/status'))('what a process has started is found with its command', async () => {
  const child = spawn(process.execPath, ['-e', nested], { stdio: ['ignore', 'pipe', 'ignore'] })
  try {
    await once(child.stdout, 'data')
    const own = descendants(process.pid).find(({ pid }) => pid === child.pid)
    expect(own?.command).toContain('SIGTERM')
    const [grandchild, ...others] = descendants(child.pid ?? 0)
    expect(others).toEqual([])
    expect(grandchild?.command).toContain('ready')
    expect(residentMb(grandchild?.pid ?? 0)).toBeGreaterThan(1)
  } finally {
    child.kill('SIGTERM')
  }
})

test('of a process that is not there nothing is known', () => {
  expect(descendants(2 ** 30)).toEqual([])
  expect(residentMb(2 ** 30)).toBeUndefined()
})
