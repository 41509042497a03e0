import { Agent, request as ask } from 'node:http'
import type { Readable, Writable } from 'node:stream'
import { type Era, handshake, httpHeaders, versions } from '../load/messages.ts'

/** The way to one contestant and back, for one message at a time. */
export interface Wire {
  /** Hands out the answer as it came, from the first byte sent to the last byte read. Rejects when there is none. */
  exchange(body: Buffer): Promise<{ readonly ms: number; readonly answer: Buffer }>
  close(): void
}

/** Rejects when the contestant does not answer in time: what refuses a message may also fall silent. */
const answerMs = 10_000

export async function httpWire(url: URL, era: Era, tool: string): Promise<Wire> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const post = (
    body: Buffer,
    headers: Record<string, string>,
  ): Promise<{ answer: Buffer; session: string | undefined }> =>
    new Promise((resolve, reject) => {
      const all = { ...headers, 'content-length': String(body.length) }
      const sent = ask(url, { agent, method: 'POST', headers: all, timeout: answerMs }, reply => {
        const session = reply.headers['mcp-session-id']
        gather(reply).then(answer => {
          if (reply.statusCode !== 200 && reply.statusCode !== 202) reject(new Error(`${reply.statusCode} ${answer}`))
          else resolve({ answer, session: typeof session === 'string' ? session : undefined })
        }, reject)
      })
      sent
        .on('error', reject)
        .on('timeout', () => sent.destroy(new Error('no answer')))
        .end(body)
    })
  let session: string | undefined
  if (era === 'legacy') {
    const headers = httpHeaders(era, tool, undefined)
    session = (await post(Buffer.from(handshake.initialize), headers)).session
    await post(Buffer.from(handshake.initialized), {
      ...headers,
      'mcp-protocol-version': versions.legacy,
      'mcp-session-id': session ?? '',
    })
  }
  const headers = httpHeaders(era, tool, session)
  return {
    async exchange(body) {
      const started = performance.now()
      const { answer } = await post(body, headers)
      return { ms: performance.now() - started, answer }
    },
    close: () => agent.destroy(),
  }
}

async function gather(stream: Readable): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of stream) pieces.push(piece)
  return Buffer.concat(pieces)
}

export async function stdioWire(
  child: { readonly stdin: Writable; readonly stdout: Readable },
  era: Era,
): Promise<Wire> {
  const wire: Wire = {
    exchange: body =>
      new Promise((resolve, reject) => {
        const started = performance.now()
        const pieces: Buffer[] = []
        const settle = (error?: Error): void => {
          clearTimeout(timer)
          child.stdout.off('data', take).off('close', lost)
          const answer = Buffer.concat(pieces)
          if (error === undefined) resolve({ ms: performance.now() - started, answer })
          else reject(error)
        }
        const take = (piece: Buffer): void => {
          pieces.push(piece)
          if (piece.at(-1) === lineFeed) settle()
        }
        const lost = (): void => settle(new Error('it ended'))
        const timer = setTimeout(() => settle(new Error('no answer')), answerMs)
        child.stdout.on('data', take).on('close', lost)
        child.stdin.write(body)
        child.stdin.write('\n')
      }),
    close: () => {},
  }
  if (era === 'legacy') {
    await wire.exchange(Buffer.from(handshake.initialize))
    child.stdin.write(`${handshake.initialized}\n`)
  }
  return wire
}

const lineFeed = 0x0a
