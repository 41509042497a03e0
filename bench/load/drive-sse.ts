import { connect } from 'node:net'
import { type Answer, closedLoop, type Driver } from './drive.ts'
import { Connection } from './drive-http.ts'
import { at, handshake, isRight, request } from './messages.ts'
import type { Workload } from './workloads.ts'

/** Time for a server to say where messages go, and to answer the handshake. */
const openMs = 20_000

/**
 * Calls a tool over HTTP+SSE, the transport of the oldest revision: messages go out as POSTs on `atOnce` keep-alive
 * connections, and all answers come on one stream.
 */
export async function driveSse(url: URL, workload: Workload, atOnce: number): Promise<Driver> {
  const answers = new Map<unknown, (message: unknown, text: string) => void>()
  const endpoint = await openStream(url, data => {
    const message = parse(data)
    const id = at(message, 'id')
    const take = answers.get(id)
    answers.delete(id)
    take?.(message, data)
  })
  const head = `POST ${endpoint} HTTP/1.1\r\nhost: ${url.host}\r\ncontent-type: application/json\r\ncontent-length: `
  const post = (connection: Connection, body: string): Promise<unknown> =>
    connection.ask(`${head}${Buffer.byteLength(body)}\r\n\r\n${body}`)
  const ask = (connection: Connection, id: unknown, body: string): Promise<{ message: unknown; text: string }> =>
    new Promise((resolve, reject) => {
      // The answer may come before the POST is answered; the connection takes the next one after that only.
      const answered = new Promise<{ message: unknown; text: string }>(take => {
        answers.set(id, (message, text) => take({ message, text }))
      })
      post(connection, body).then(() => answered.then(resolve), reject)
    })
  const first = await Connection.open(url)
  await ask(first, 'initialize', handshake.initialize)
  await post(first, handshake.initialized)
  first.close()
  let call = 0
  const callOnce = async (connection: Connection): Promise<Answer> => {
    call += 1
    const id = call
    const { message, text } = await ask(connection, id, request('legacy', workload, id))
    return { isRight: isRight('legacy', workload, id, [message]), text }
  }
  return { open: () => closedLoop(() => Connection.open(url), atOnce, callOnce) }
}

/** Opens the stream and gives the path that messages go to. */
function openStream(url: URL, onData: (data: string) => void): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: url.hostname, port: Number(url.port), noDelay: true })
    const late = setTimeout(() => reject(new Error(`no endpoint on HTTP+SSE within ${openMs} ms`)), openMs)
    let rest = ''
    let isEndpoint = false
    socket.setEncoding('utf8').on('data', (text: string) => {
      // Sizes of chunks stand on lines of their own and mean nothing here: no event is cut by one.
      const lines = (rest + text).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) {
        if (line.startsWith('event:')) isEndpoint = line.includes('endpoint')
        if (!line.startsWith('data:')) continue
        const data = line.slice('data:'.length).trim()
        if (isEndpoint) resolve(new URL(data, url).href.slice(url.origin.length))
        else onData(data)
        clearTimeout(late)
      }
    })
    socket.on('error', reject)
    socket.write(`GET ${url.pathname} HTTP/1.1\r\nhost: ${url.host}\r\naccept: text/event-stream\r\n\r\n`)
    socket.unref()
  })
}

function parse(data: string): unknown {
  try {
    return JSON.parse(data)
  } catch {
    return undefined
  }
}
