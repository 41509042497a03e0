import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import type { Target } from '../target.ts'

/** Text, in which `$ID` stands for the request's id; that many bytes that are no UTF-8; or `null`: the connection ends. */
export type Piece = string | number | null

/** What a server says to a method, or to a call of the tool of that name. */
export type Scenes = Readonly<Record<string, readonly Piece[]>>

export interface Stage extends AsyncDisposable {
  readonly target: Target
}

/** A server that plays the scenes, whatever is right. Each piece of text is a line. */
export async function onStdio(scenes: Scenes): Promise<Stage> {
  const player = fileURLToPath(new URL('player.mjs', import.meta.url))
  const lines = mapped(scenes, piece => (typeof piece === 'string' ? `${piece}\n` : piece))
  const folder = await mkdtemp(join(tmpdir(), 'hostile-'))
  const file = join(folder, 'scenes.json')
  await writeFile(file, JSON.stringify(lines))
  return {
    target: { command: process.execPath, args: [player, file] },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  }
}

/** The same over HTTP, each answer a stream of events, each piece of text one of them. */
export async function onHttp(scenes: Scenes): Promise<Stage> {
  const events = mapped(scenes, piece => (typeof piece === 'string' ? `data: ${piece}\n\n` : piece))
  const server = createServer(async (request, response) => {
    const body = await text(request)
    const { id, method, params } = body === '' ? {} : JSON.parse(body)
    const scene = events[params?.name] ?? events[method]
    if (request.method !== 'POST' || scene === undefined)
      return void response.writeHead(id === undefined ? 202 : 400).end()
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    play(scene, id, response)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    target: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
    },
  }
}

function play(scene: readonly Piece[], id: unknown, response: ServerResponse): void {
  for (const piece of scene) {
    if (piece === null) {
      // What was said before goes out first.
      response.write('', () => response.destroy())
      return
    }
    if (typeof piece === 'number') response.write(Buffer.alloc(piece, 0xff))
    else response.write(piece.replaceAll('$ID', JSON.stringify(id)))
  }
  response.end()
}

const mapped = (scenes: Scenes, change: (piece: Piece) => Piece): Scenes =>
  Object.fromEntries(Object.entries(scenes).map(([name, pieces]) => [name, pieces.map(change)]))
