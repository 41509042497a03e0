import { connect, type Socket } from 'node:net'
import { readReply } from './drive-http.ts'
import { handshake, versions } from './messages.ts'

/** A session whose client listens and says nothing more. */
export interface HeldSession {
  readonly id: string
  close(): void
}

/** Time for a contestant to answer one step. */
const stepMs = 20_000

/** Opens a session and then its GET stream, all on one connection. Rejects when a step is not answered as it should be. */
export async function holdSession(url: URL): Promise<HeldSession> {
  const socket = await open(url)
  try {
    const head = `host: ${url.host}\r\naccept: application/json, text/event-stream\r\n`
    const post = (body: string, more: string): string =>
      `POST ${url.pathname} HTTP/1.1\r\n${head}${more}content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
    const opened = await ask(socket, post(handshake.initialize, ''), whole)
    const id = /\nmcp-session-id: (\S+)/i.exec(opened)?.[1]
    if (id === undefined) throw new Error(`initialize was answered with ${opened.slice(0, 500)}`)
    const session = `mcp-session-id: ${id}\r\nmcp-protocol-version: ${versions.legacy}\r\n`
    await ask(socket, post(handshake.initialized, session), whole)
    const listening = await ask(socket, `GET ${url.pathname} HTTP/1.1\r\n${head}${session}\r\n`, text =>
      text.includes('\r\n\r\n'),
    )
    if (!listening.startsWith('HTTP/1.1 200')) throw new Error(`GET was answered with ${listening.slice(0, 500)}`)
    socket.resume()
    return { id, close: () => socket.destroy() }
  } catch (error) {
    socket.destroy()
    throw error
  }
}

/** Holds this many more, a few being opened at a time. */
export async function holdSessions(url: URL, count: number): Promise<HeldSession[]> {
  const held: HeldSession[] = []
  let begun = 0
  const lane = async (): Promise<void> => {
    while (begun < count) {
      begun += 1
      held.push(await holdSession(url))
    }
  }
  await Promise.all(Array.from({ length: 16 }, lane))
  return held
}

const whole = (text: string): boolean => readReply(text) !== undefined

function open(url: URL): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: url.hostname, port: Number(url.port), noDelay: true })
    socket.setEncoding('latin1').once('error', reject)
    socket.once('connect', () => {
      socket.off('error', reject)
      socket.on('error', () => {})
      resolve(socket)
    })
  })
}

/** @param isComplete whether what has come is all that is waited for */
function ask(socket: Socket, text: string, isComplete: (received: string) => boolean): Promise<string> {
  return new Promise((resolve, reject) => {
    let received = ''
    const stop = (): void => {
      clearTimeout(timer)
      socket.off('data', take).off('close', lose)
    }
    const fail = (what: string): void => {
      stop()
      reject(new Error(`the contestant ${what}: ${received.slice(0, 500)}`))
    }
    const timer = setTimeout(() => fail(`did not answer within ${stepMs} ms`), stepMs)
    const lose = (): void => fail('closed a connection that was in use')
    const take = (more: string): void => {
      received += more
      if (!isComplete(received)) return
      stop()
      resolve(received)
    }
    socket.on('data', take).once('close', lose)
    socket.write(text)
  })
}
