import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { main } from './main.ts'
import { scene } from './testing/scene.ts'

const serve = vi.hoisted(() => vi.fn(async () => {}))
vi.mock('@interlock/server', async original => ({ ...(await original<object>()), serve }))

let out = ''
let err = ''

beforeEach(() => {
  out = err = ''
  vi.spyOn(process.stdout, 'write').mockImplementation(text => Boolean((out += text)))
  vi.spyOn(process.stderr, 'write').mockImplementation(text => Boolean((err += text)))
})

afterEach(() => {
  vi.restoreAllMocks()
  serve.mockClear()
  process.exitCode = 0
})

test('folders and options make a server and how to serve it', async () => {
  await using at = await scene()
  await main([at.inside, '--read-only', '--http', '--port', '0', '--host', 'localhost'])
  expect(serve).toHaveBeenCalledWith(expect.objectContaining({ info: expect.objectContaining({ title: 'Files' }) }), {
    argv: ['--http', '--port', '0', '--host', 'localhost'],
  })
  await main([at.inside])
  expect(serve).toHaveBeenLastCalledWith(expect.anything(), { argv: [] })
})

test.each([
  [[], /no folder is allowed; name at least one/],
  [['/no/such/folder'], /"\/no\/such\/folder" is not a folder/],
  [['--wrong'], /--wrong/],
])('%j is told on standard error, with the usage', async (argv, message) => {
  await main(argv)
  expect(err).toMatch(message)
  expect(err).toMatch(/Usage: interlock-filesystem <folder>…/)
  expect([out, process.exitCode, serve.mock.calls.length]).toEqual(['', 2, 0])
})

test('--help prints the usage', async () => {
  await main(['--help'])
  expect(out).toMatch(/^Usage: interlock-filesystem <folder>… \[options\]/)
  expect(serve).not.toHaveBeenCalled()
})
