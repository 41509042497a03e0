import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { ListenOptions } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { forwarding } from './node-siblings.ts'

const listening = (server: Server, where: ListenOptions): Promise<void> =>
  new Promise(resolve => server.listen(where, () => resolve()))

/** A server that passes everything on to what answers at its door, if anything does. */
async function passing(sibling: Server | undefined): Promise<URL> {
  const folder = mkdtempSync(join(tmpdir(), 'door-'))
  const door = join(folder, 'door')
  const forward = forwarding({ door: join(folder, 'own'), doorOf: () => door })
  const front = createServer((request, response) => void forward.forward(request, response))
  // As if it were too busy to take more than one connection at a time.
  if (sibling !== undefined) await listening(sibling, { path: door, backlog: 1 })
  await listening(front, { port: 0, host: '127.0.0.1' })
  onTestFinished(() => {
    forward[Symbol.dispose]()
    for (const server of [front, sibling]) server?.closeAllConnections()
    for (const server of [front, sibling]) server?.close()
    rmSync(folder, { recursive: true })
  })
  const address = front.address()
  return new URL(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`)
}

const ask = (url: URL, body: string): Promise<Response> =>
  fetch(url, { method: 'POST', headers: { 'mcp-session-id': 'one' }, body })

const isWindows = process.platform === 'win32'

test.skipIf(isWindows)(
  'a burst is passed on whole, though its sibling has no room for so many connections',
  async () => {
    const url = await passing(createServer((request, response) => void request.pipe(response)))
    const answers = await Promise.all(
      Array.from({ length: 60 }, async (_, at) => {
        const answer = await ask(url, `body ${at}`)
        return `${answer.status} ${await answer.text()}`
      }),
    )
    expect(answers).toEqual(Array.from({ length: 60 }, (_, at) => `200 body ${at}`))
  },
)

test.skipIf(isWindows)('the session of a sibling that has ended is not found', async () => {
  const answer = await ask(await passing(undefined), '{}')
  expect(answer.status).toBe(404)
  expect(await answer.text()).toContain('send initialize to start a new one')
})
