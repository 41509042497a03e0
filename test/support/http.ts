import { createServer, type OutgoingHttpHeaders } from 'node:http'
import { type AddressInfo, createServer as createSocket } from 'node:net'

/** An HTTP server that gives every request the same answer. */
export async function answering(
  status: number,
  headers: OutgoingHttpHeaders,
  body: string,
): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createServer((request, response) => {
    request.resume()
    response.writeHead(status, headers).end(body)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${portOf(server)}/mcp`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

/** A port that was free a moment ago, for programs that cannot choose one themselves. */
export async function freePort(): Promise<number> {
  const socket = createSocket()
  await new Promise<void>(resolve => socket.listen(0, '127.0.0.1', resolve))
  const port = portOf(socket)
  await new Promise(resolve => socket.close(resolve))
  return port
}

export const nobodyListens = async (): Promise<string> => `http://127.0.0.1:${await freePort()}/mcp`

function portOf(server: { address(): AddressInfo | string | null }): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new TypeError('the server does not listen on a port')
  return address.port
}
