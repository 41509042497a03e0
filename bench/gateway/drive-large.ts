import { Agent, request as send } from 'node:http'
import { type Driver, Tally } from '../load/drive.ts'
import { openSession } from '../load/drive-http.ts'
import { at, type Era, httpHeaders, request } from '../load/messages.ts'

/** Asks for one large result after the other, on one connection. The answer's check is no part of its time. */
export async function driveLarge(url: URL, era: Era, tool: string, bytes: number): Promise<Driver> {
  const sessionId = era === 'legacy' ? await openSession(url).catch(() => undefined) : undefined
  const workload = { tool, arguments: () => ({ bytes }), text: () => '', notifications: 0 }
  const headers = httpHeaders(era, tool, sessionId)
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  let call = 0
  const ask = async (): Promise<{ readonly isRight: boolean; readonly text: string; readonly ms: number }> => {
    call += 1
    const id = call
    const body = request(era, workload, id)
    const asked = performance.now()
    const reply = await post(url, agent, { ...headers, 'content-length': String(Buffer.byteLength(body)) }, body)
    const ms = performance.now() - asked
    const text = reply.toString('latin1')
    const message = parse(text)
    const isRight = at(message, 'id') === id && textOf(message).length === bytes
    return { isRight, text, ms }
  }
  return {
    async open() {
      return {
        async run(ms) {
          const tally = new Tally()
          while (tally.ms < ms) {
            const answer = await ask()
            tally.count(answer.isRight, answer.text, answer.ms)
          }
          return tally.load()
        },
        close: () => {},
      }
    },
  }
}

const textOf = (message: unknown): string => String(at(message, 'result', 'content', '0', 'text'))

/** Of an event stream the only event that has data. */
function parse(text: string): unknown {
  const data = text.startsWith('{') ? text : text.slice(text.indexOf('\ndata: {') + '\ndata: '.length)
  try {
    return JSON.parse(data.startsWith('data: ') ? data.slice('data: '.length) : data)
  } catch {
    return undefined
  }
}

function post(url: URL, agent: Agent, headers: Readonly<Record<string, string>>, body: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const asked = send(url, { method: 'POST', agent, headers }, reply => {
      const chunks: Buffer[] = []
      reply.on('data', (chunk: Buffer) => chunks.push(chunk))
      reply.on('end', () => resolve(Buffer.concat(chunks)))
      reply.on('error', reject)
    })
    asked.on('error', reject)
    asked.end(body)
  })
}
