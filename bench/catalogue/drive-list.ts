import { type Answer, closedLoop, type Driver } from '../load/drive.ts'
import { Connection, openSession, requestHead } from '../load/drive-http.ts'
import { at, type Era, envelope, versions } from '../load/messages.ts'

/** Fewer than for calls: an answer may have hundreds of kilobytes. */
const connections = 8

/** Asks for the list of tools, over and over. `bytes` is the size of the first answer, headers included. */
export async function driveList(url: URL, era: Era, tools: number): Promise<Driver & { readonly bytes: number }> {
  const sessionId = era === 'legacy' ? await openSession(url) : undefined
  const head = requestHead(url, {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    'mcp-protocol-version': versions[era],
    ...(era === 'modern' ? { 'mcp-method': 'tools/list' } : {}),
    ...(sessionId === undefined ? {} : { 'mcp-session-id': sessionId }),
  })
  let call = 0
  const ask = async (connection: Connection): Promise<Answer> => {
    call += 1
    const id = call
    const params = era === 'modern' ? { _meta: envelope } : {}
    const body = JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/list', params })
    const { status, text, messages } = await connection.ask(`${head}${Buffer.byteLength(body)}\r\n\r\n${body}`)
    return { isRight: status === 200 && isWhole(messages, id, tools), text }
  }
  const first = await Connection.open(url)
  const { text } = await ask(first)
  first.close()
  return { bytes: text.length, open: () => closedLoop(() => Connection.open(url), connections, ask) }
}

/** Whether the answer has all tools, in one page. */
export function isWhole(messages: readonly unknown[], id: number, tools: number): boolean {
  const [reply] = messages
  const listed = at(reply, 'result', 'tools')
  return (
    messages.length === 1 &&
    at(reply, 'id') === id &&
    Array.isArray(listed) &&
    listed.length === tools &&
    at(listed, '0', 'name') === 'add' &&
    at(reply, 'result', 'nextCursor') === undefined
  )
}
