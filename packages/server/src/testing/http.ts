import { isObject, metaKey, newest, type Params, type RequestId, type Revision, request } from '@interlock/protocol'
import { standardHeaders } from '@interlock/transport'

/** What came back for one POST. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  /** The JSON of the body, if it is some. */
  readonly body: Record<string, unknown>
}

type HeaderList = Readonly<Record<string, string | undefined>>

/** Sends one message, or any text, as it is. A header that is undefined is left out. */
export async function post(url: URL, body: unknown, headers: HeaderList = {}): Promise<Answer> {
  const response = await send(url, body, headers)
  const text = await response.text()
  const json: unknown = text.startsWith('{') ? JSON.parse(text) : {}
  return { status: response.status, headers: response.headers, body: isObject(json) ? json : {} }
}

/** Members of a modern request, to be sent as they are or broken first. */
export function modern(
  method: string,
  params: Params = {},
  id: RequestId = 1,
): { body: ReturnType<typeof request>; headers: Record<string, string> } {
  const meta = { [metaKey.protocolVersion]: newest.version, [metaKey.clientCapabilities]: {}, ...params._meta }
  return {
    body: request(id, method, { ...params, _meta: meta }),
    headers: standardHeaders(method, params, newest.version),
  }
}

/** One modern request and its answer. */
export const ask = (url: URL, method: string, params?: Params, headers: HeaderList = {}): Promise<Answer> => {
  const whole = modern(method, params)
  return post(url, whole.body, { ...whole.headers, ...headers })
}

/** The headers of a session that was just opened and is ready. */
export async function session(url: URL, { version }: Revision, capabilities: object = {}): Promise<HeaderList> {
  const clientInfo = { name: 'peer', version: '1.0.0' }
  const params = { protocolVersion: version, capabilities, clientInfo }
  const { headers } = await post(url, request(0, 'initialize', params))
  const own = { 'mcp-session-id': headers.get('mcp-session-id') ?? undefined, 'mcp-protocol-version': version }
  await post(url, { jsonrpc: '2.0', method: 'notifications/initialized' }, own)
  return own
}

/** An event stream, read message by message. */
export interface Events {
  readonly status: number
  /** Of the last event that had one. */
  readonly lastEventId: string | undefined
  /** What the server said last of when to come back. */
  readonly retryMs: number
  /** The next event with data; undefined when the stream has ended. */
  event(): Promise<{ readonly type: string | undefined; readonly data: string } | undefined>
  /** The next message; undefined when the stream has ended. */
  next(): Promise<Record<string, unknown> | undefined>
  /** Closes the connection. */
  close(): void
}

/** Sends a message whose answer is a stream; without a body it is a GET. */
export async function events(url: URL, body?: unknown, headers: HeaderList = {}): Promise<Events> {
  const abort = new AbortController()
  const response = await send(url, body, headers, abort.signal)
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  let lastEventId: string | undefined
  let retryMs = Number.NaN
  const stream: Events = {
    status: response.status,
    get lastEventId() {
      return lastEventId
    },
    get retryMs() {
      return retryMs
    },
    async next() {
      const event = await stream.event()
      return event && (JSON.parse(event.data) as Record<string, unknown>)
    },
    async event() {
      for (;;) {
        const end = text.indexOf('\n\n')
        if (end >= 0) {
          const event = text.slice(0, end)
          text = text.slice(end + 2)
          lastEventId = /^id: (.*)$/m.exec(event)?.[1] ?? lastEventId
          retryMs = Number(/^retry: (.*)$/m.exec(event)?.[1] ?? retryMs)
          const data = /^data: (.+)$/m.exec(event)?.[1]
          if (data !== undefined) return { type: /^event: (.*)$/m.exec(event)?.[1], data }
          continue
        }
        const chunk = await reader?.read()
        if (chunk === undefined || chunk.done) return undefined
        text += chunk.value
      }
    },
    close: () => abort.abort(),
  }
  return stream
}

function send(url: URL, body: unknown, headers: HeaderList, signal?: AbortSignal): Promise<Response> {
  const all = { accept: 'application/json, text/event-stream', 'content-type': 'application/json', ...headers }
  const given = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return fetch(url, {
    method: body === undefined ? 'GET' : 'POST',
    headers: Object.fromEntries(given),
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  })
}
