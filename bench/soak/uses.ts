import { connect } from 'node:net'
import { driveList } from '../catalogue/drive-list.ts'
import type { Load } from '../load/drive.ts'
import { Connection, driveHttp, endSession, requestHead } from '../load/drive-http.ts'
import { holdSessions } from '../load/held-session.ts'
import { at, type Era, envelope, httpHeaders, versions } from '../load/messages.ts'
import { workloads } from '../load/workloads.ts'
import { attackHttp } from '../slow-readers/peers.ts'

/** One way of using a server. */
export interface Use {
  readonly name: string
  /** Uses it for a while and says how often, and what was wrong. */
  turn(): Promise<Pick<Load, 'calls' | 'wrong' | 'firstWrong'>>
}

/** Length of a turn. */
const turnMs = 400

const eras: readonly Era[] = ['modern', 'legacy']

/** Tools that the server has to have. */
export const toolCount = 100

/** All ways of using a server, to be taken in turns for as long as one likes. */
export async function usesOf(url: URL): Promise<Use[]> {
  const uses: Use[] = [sessionsOf(url), brokenOff(url), unread(url)]
  for (const era of eras) {
    for (const workload of workloads) {
      const driver = await driveHttp(url, era, workload)
      uses.push({ name: `${workload.tool} ${era}`, turn: () => repeat(driver) })
    }
    const driver = await driveList(url, era, toolCount + 2)
    uses.push({ name: `list ${era}`, turn: () => repeat(driver) })
  }
  return [...uses, large(url), listening(url)]
}

async function repeat(driver: Awaited<ReturnType<typeof driveHttp>>): Promise<Load> {
  const loop = await driver.open()
  try {
    return await loop.run(turnMs)
  } finally {
    loop.close()
  }
}

/** Sessions that are opened, listen, lose their stream, and are ended. */
const sessionsOf = (url: URL): Use => ({
  name: 'sessions',
  async turn() {
    const held = await holdSessions(url, 20)
    for (const session of held) session.close()
    const statuses = await Promise.all(held.map(({ id }) => endSession(url, id)))
    return counted(held.length, statuses.find(status => status !== 204)?.toString())
  },
})

/** Clients that go away in the midst of a request, or of its answer. */
const brokenOff = (url: URL): Use => ({
  name: 'broken off',
  async turn() {
    const body = call('flood')
    const whole = `${modernHead(url, 'tools/call', 'flood')}${body.length}\r\n\r\n${body}`
    await Promise.all(
      [whole.slice(0, 20), whole.slice(0, -10), whole, whole].map(async text => {
        const socket = connect({ host: url.hostname, port: Number(url.port) }).on('error', () => {})
        socket.write(text)
        await pause(30)
        socket.destroy()
      }),
    )
    return counted(4)
  },
})

/** Clients that ask for much and do not read it. */
const unread = (url: URL): Use => ({
  name: 'unread',
  async turn() {
    const end = await attackHttp('streams', url)
    await pause(turnMs)
    const status = await end()
    return counted(16, status === 204 ? undefined : `DELETE was answered with ${status}`)
  },
})

const large = (url: URL): Use => ({
  name: 'large',
  async turn() {
    const connection = await Connection.open(url)
    try {
      const body = call('big')
      const { messages } = await connection.ask(`${modernHead(url, 'tools/call', 'big')}${body.length}\r\n\r\n${body}`)
      const text = at(messages[0], 'result', 'content', '0', 'text')
      return counted(1, typeof text === 'string' && text.length === 1024 * 1024 ? undefined : 'no 1 MiB of text')
    } finally {
      connection.close()
    }
  },
})

/** Clients of the modern era that listen for changes and go. */
const listening = (url: URL): Use => ({
  name: 'listening',
  async turn() {
    const params = { notifications: { toolsListChanged: true }, _meta: envelope }
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'subscriptions/listen', params })
    const text = `${modernHead(url, 'subscriptions/listen')}${body.length}\r\n\r\n${body}`
    const told = await Promise.all(Array.from({ length: 10 }, () => firstTold(url, text)))
    const bad = told.find(received => !received.includes('notifications/subscriptions/acknowledged'))
    return counted(10, bad)
  },
})

/** What comes back first, until it has a whole event; then goes away. */
function firstTold(url: URL, text: string): Promise<string> {
  return new Promise(resolve => {
    const socket = connect({ host: url.hostname, port: Number(url.port) }).on('error', () => {})
    let received = ''
    const timer = setTimeout(() => socket.destroy(), 5_000)
    socket.on('data', chunk => {
      received += String(chunk)
      if (received.includes('data: {')) socket.destroy()
    })
    socket.on('close', () => {
      clearTimeout(timer)
      resolve(received)
    })
    socket.write(text)
  })
}

const modernHead = (url: URL, method: string, name?: string): string => {
  const named = name === undefined ? {} : { 'mcp-name': name }
  const { 'mcp-name': _, ...headers } = httpHeaders('modern', '', undefined)
  return requestHead(url, { ...headers, 'mcp-method': method, 'mcp-protocol-version': versions.modern, ...named })
}

const call = (tool: string): string => {
  const params = { name: tool, arguments: {}, _meta: { ...envelope, progressToken: 1 } }
  return JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params })
}

const counted = (calls: number, firstWrong?: string): Pick<Load, 'calls' | 'wrong' | 'firstWrong'> =>
  firstWrong === undefined ? { calls, wrong: 0 } : { calls, wrong: 1, firstWrong }

const pause = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms))
