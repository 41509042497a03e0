import { Agent, type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http'
import { type RequestOptions, request as requestHttps, Agent as SecureAgent } from 'node:https'
import { urlToHttpOptions } from 'node:url'
import type { HttpAnswer, HttpCall, HttpSend } from './send.ts'

/**
 * Sends with `node:http` over connections that are kept. An idle connection does not keep the process alive. One that
 * turns out to have been closed by the server meanwhile, with nothing received on it for this request, is replaced once.
 */
export const nodeSend: HttpSend = call => attempt(call, true)

const agent: Agent = new Agent({ keepAlive: true })
const secureAgent: SecureAgent = new SecureAgent({ keepAlive: true })

function attempt(call: HttpCall, mayReuse: boolean): Promise<HttpAnswer> {
  const { signal } = call
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    const outgoing = start(call, mayReuse)
    let answer: IncomingMessage | undefined
    const onAbort = (): void => void (answer ?? outgoing).destroy()
    signal?.addEventListener('abort', onAbort, { once: true })
    let receivedBefore = 0
    outgoing.once('socket', socket => {
      receivedBefore = socket.bytesRead
    })
    outgoing.once('response', incoming => {
      answer = incoming
      if (signal !== undefined) incoming.once('close', () => signal.removeEventListener('abort', onAbort))
      resolve(new NodeAnswer(incoming))
    })
    // Stays for good: an error after the response comes through the body as well, and must not be an uncaught one here.
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      signal?.removeEventListener('abort', onAbort)
      if (signal?.aborted) return reject(signal.reason)
      const hasReceived = (outgoing.socket?.bytesRead ?? 0) > receivedBefore
      const isStale = outgoing.reusedSocket && !hasReceived && (error.code === 'ECONNRESET' || error.code === 'EPIPE')
      if (mayReuse && isStale && answer === undefined) attempt(call, false).then(resolve, reject)
      else reject(error)
    })
    outgoing.end(call.body)
  })
}

function start({ url, method, headers }: HttpCall, mayReuse: boolean): ClientRequest {
  const isSecure = url.protocol === 'https:'
  const options: RequestOptions = {
    ...place(url),
    method,
    headers: headers as Record<string, string>, // Node's type wants a mutable record, and changes nothing in it
    agent: mayReuse && (isSecure ? secureAgent : agent),
  }
  return isSecure ? requestHttps(options) : requestHttp(options)
}

const places = new WeakMap<URL, RequestOptions>()

/** What a URL says to `node:http`, worked out once for each URL object. */
function place(url: URL): RequestOptions {
  const known = places.get(url)
  if (known !== undefined) return known
  const { protocol, hostname, port, path, auth } = urlToHttpOptions(url)
  const options: RequestOptions = { protocol, hostname, port, path, ...(auth ? { auth } : {}) }
  places.set(url, options)
  return options
}

class NodeAnswer implements HttpAnswer {
  readonly body: IncomingMessage

  constructor(incoming: IncomingMessage) {
    this.body = incoming
  }

  get status(): number {
    return this.body.statusCode ?? 0
  }

  header(name: string): string | undefined {
    const value = this.body.headers[name]
    return Array.isArray(value) ? value.join(', ') : value
  }

  close(): void {
    this.body.destroy()
  }
}
