import { type Authorize, type HttpSend, platformSend } from '@interlock/transport'

/** What an endpoint answered. */
export interface Asked {
  readonly status: number
  readonly body: unknown
}

/** Calls a method of the endpoint at `url`, through what `authorize` makes of the platform. */
export function asking(authorize: Authorize, url: URL): (method?: string, signal?: AbortSignal) => Promise<Asked> {
  const send: HttpSend = authorize(platformSend, url)
  return async (method = 'ping', signal) => {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { name: 'x' } })
    const headers = { 'content-type': 'application/json' }
    const answer = await send({ url, method: 'POST', headers, body, ...(signal && { signal }) })
    let text = ''
    for await (const piece of answer.body) text += Buffer.from(piece).toString()
    return { status: answer.status, body: text === '' ? undefined : JSON.parse(text) }
  }
}
