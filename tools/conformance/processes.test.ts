import { expect, test, vi } from 'vitest'
import { run, serve } from './processes.ts'

const limitMs = 20_000

/** A server that answers with its process id; asked for anything but `/`, it ends. */
const program = `
  const answering = require('node:http').createServer(({ url }, response) => {
    if (url !== '/') process.exit(3)
    response.end(String(process.pid))
  })
  answering.listen(0, '127.0.0.1', () => console.error('listening on http://127.0.0.1:' + answering.address().port + '/'))
`

const started = () => serve(process.execPath, ['-e', program], limitMs)
const idOf = async (url: string): Promise<number> => Number(await (await fetch(url)).text())
const expectEnded = (id: number) => vi.waitFor(() => expect(() => process.kill(id, 0)).toThrow('ESRCH'))

test('a server lives as long as it is needed', async () => {
  const served = await started()
  const id = await idOf(served.url)
  await served[Symbol.asyncDispose]()
  await expectEnded(id)
})

test('a server that has ended by itself can be let go all the same', async () => {
  const served = await started()
  const id = await idOf(served.url)
  await expect(fetch(`${served.url}end`)).rejects.toThrow()
  await expectEnded(id)
  await served[Symbol.asyncDispose]()
})

test('a server that ends before it listens says why', async () => {
  const broken = serve(process.execPath, ['-e', 'console.error("no port"); process.exitCode = 1'], limitMs)
  await expect(broken).rejects.toThrow('did not start')
})

test('a command that takes too long is ended, with what it started', async () => {
  // The child holds the parent's output open: `run` would wait for it.
  const child = `console.log('child'); setInterval(() => {}, 1000)`
  const parent = `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(child)}], { stdio: 'inherit' })`
  const { exitCode, stdout, stderr } = await run(process.execPath, ['-e', parent], 5000)
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: 'child\n' })
  expect(stderr).toContain('ended after 5000 ms')
})
