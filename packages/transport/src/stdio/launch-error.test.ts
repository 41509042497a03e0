import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { batchFile, batchFileRefused, explainLaunch } from './launch-error.ts'
import { launch } from './process.ts'

const first = mkdtempSync(join(tmpdir(), 'interlock-first-'))
const second = mkdtempSync(join(tmpdir(), 'interlock-second-'))
const path = [first, second].join(delimiter)
afterAll(() => [first, second].forEach(folder => rmSync(folder, { recursive: true })))

function attempt(command: string) {
  return { command, cwd: undefined, path }
}

function errno(code: string): Error {
  return Object.assign(new Error(`spawn ${code}`), { code })
}

test('a script whose interpreter is missing is told from a missing script', async () => {
  const file = join(first, 'server')
  writeFileSync(file, '#!/nowhere/python\n')
  chmodSync(file, 0o755)
  expect(explainLaunch(attempt('server'), errno('ENOENT'))).toMatchObject({
    code: 'interpreter_not_found',
    message: expect.stringContaining(`is the file ${JSON.stringify(file)}, but the interpreter`),
  })
  if (process.platform === 'win32') return
  expect(await launch({ command: file }).exited).toMatchObject({ error: { code: 'interpreter_not_found' } })
})

test('the original error is kept', () => {
  const cause = errno('EMFILE')
  const error = explainLaunch(attempt('docker'), cause)
  expect(error).toMatchObject({ name: 'LaunchError', code: 'failed', cause })
  expect(error.message).toBe(
    'command "docker" could not be started: too many files are open; raise the limit (ulimit -n) or run fewer servers',
  )
})

test.each(['npx', 'uvx', 'docker', 'node', 'python'])('says how to get %s', command => {
  expect(explainLaunch(attempt(command), errno('ENOENT')).message).toMatch(
    new RegExp(`was not found on PATH .*; (use|install) .*"which ${command}"`),
  )
})

test('a batch file is recognised by its name or by what stands first on the path', () => {
  writeFileSync(join(second, 'npx.cmd'), '')
  writeFileSync(join(first, 'tool.exe'), '')
  writeFileSync(join(second, 'tool.cmd'), '')
  expect(batchFile(attempt('run.BAT'))).toBe('run.BAT')
  expect(batchFile(attempt('npx'))).toBe(join(second, 'npx.cmd'))
  expect(batchFile(attempt('tool'))).toBeUndefined()
  expect(batchFile(attempt('npx.exe'))).toBeUndefined()
  expect(batchFile(attempt('absent'))).toBeUndefined()
})

test('a batch file is refused with what to write instead', () => {
  expect(batchFileRefused('npx', 'npx.cmd').message).toContain('use "cmd" as the command and "/c", "npx" as its first')
})
