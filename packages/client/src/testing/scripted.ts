import {
  type Ended,
  type ExchangeOptions,
  legacy,
  type Notification,
  newest,
  type Params,
  type Reply,
  type Request,
  type Response,
  type Transport,
  TransportError,
} from '@interlock/protocol'

/** One request as a scripted server sees it. */
export interface Asked {
  readonly method: string
  readonly params: Params
  readonly id: string | number
  readonly headers: Readonly<Record<string, string>>
  /** Aborted when the client has given up. */
  readonly signal: AbortSignal | undefined
  reply(result: object, headers?: Readonly<Record<string, string>>): void
  fail(code: number, message: string, data?: unknown, status?: number): void
  /** Ends it without a response. */
  break(error: TransportError): void
  /** Sends a message on the request's own stream, where there is one. */
  tell(message: Request | Notification): void
}

export type Script = (asked: Asked) => void

/** A transport whose other end is a function: it sees each request and answers it, rightly or wrongly. */
export class Scripted implements Transport {
  readonly kind: Transport['kind']
  readonly asked: Asked[] = []
  readonly sent: (Notification | Response)[] = []
  readonly sentHeaders: Readonly<Record<string, string>>[] = []
  readonly ended: Promise<Ended>
  isClosed = false
  isTerminated = false
  listen?: (options: Pick<ExchangeOptions, 'headers' | 'signal'>) => Promise<void>
  older?: () => Promise<Transport | undefined>
  readonly #script: Script
  #listener: (message: Request | Notification) => void = () => {}
  #waiting: (() => void)[] = []
  #end: (reason: Ended) => void = () => {}

  constructor(kind: Transport['kind'], script: Script) {
    this.kind = kind
    this.#script = script
    this.ended = new Promise(resolve => {
      this.#end = resolve
    })
  }

  exchange(request: Request, options: ExchangeOptions = {}): Promise<Reply> {
    const { signal, headers = {} } = options
    return new Promise((resolve_, reject) => {
      const onAbort = (): void => reject(signal?.reason)
      signal?.addEventListener('abort', onAbort, { once: true })
      const resolve = (reply: Reply): void => {
        signal?.removeEventListener('abort', onAbort)
        resolve_(reply)
      }
      const respond = (response: Response, more: Omit<Reply, 'response'>): void => resolve({ response, ...more })
      const { id, method, params = {} } = request
      const asked: Asked = {
        id,
        method,
        params,
        headers,
        signal,
        reply: (result, with_ = {}) => respond({ jsonrpc: '2.0', id, result }, { header: name => with_[name] }),
        fail: (code, message, data, status = 200) =>
          respond(
            { jsonrpc: '2.0', id, error: { code, message, ...(data === undefined ? {} : { data }) } },
            { status },
          ),
        break: error => {
          signal?.removeEventListener('abort', onAbort)
          reject(error)
        },
        tell: message => (options.onMessage ?? this.#listener)(message),
      }
      this.asked.push(asked)
      queueMicrotask(() => {
        this.#script(asked)
        this.#wake()
      })
    })
  }

  async send(
    message: Notification | Response,
    { headers = {} }: Pick<ExchangeOptions, 'headers' | 'signal'> = {},
  ): Promise<void> {
    this.sent.push(message)
    this.sentHeaders.push(headers)
    this.#wake()
  }

  /** Sends a message that belongs to no request's own stream. */
  tell(message: Request | Notification): void {
    this.#listener(message)
  }

  onMessage(listener: (message: Request | Notification) => void): void {
    this.#listener = listener
  }

  onNoise(): void {}

  async terminate(): Promise<void> {
    this.isTerminated = true
  }

  /** Resolves with what the client has sent once there is such a thing. */
  async until<Found>(find: (peer: this) => Found | undefined): Promise<Found> {
    for (;;) {
      const found = find(this)
      if (found !== undefined) return found
      await new Promise<void>(resolve => this.#waiting.push(resolve))
    }
  }

  /** The next request of a method that is not answered by the script. */
  request(method: string): Promise<Asked> {
    return this.until(peer => peer.asked.find(asked => asked.method === method))
  }

  message(method: string): Promise<Notification> {
    return this.until(peer =>
      peer.sent.find((sent): sent is Notification => 'method' in sent && sent.method === method),
    )
  }

  response(id: string | number): Promise<Response> {
    return this.until(peer => peer.sent.find((sent): sent is Response => !('method' in sent) && sent.id === id))
  }

  /** The other end is gone, and with it every answer. */
  exit(error: TransportError): void {
    for (const asked of this.asked) asked.break(error)
    this.#end(error)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.isClosed = true
    this.#end(undefined)
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake()
  }
}

export const capabilities = {
  tools: { listChanged: true },
  prompts: {},
  resources: { subscribe: true, listChanged: true },
  logging: {},
}

export const toolResult = { content: [{ type: 'text', text: 'done' }] }

/** Opens as a stateless server does, and leaves the rest to `script`. */
export const modernScript =
  (script: Script = () => {}): Script =>
  asked => {
    if (asked.method !== 'server/discover') return script(asked)
    asked.reply({
      resultType: 'complete',
      supportedVersions: [newest.version],
      capabilities,
      ttlMs: 0,
      cacheScope: 'private',
      instructions: 'be kind',
      _meta: { 'io.modelcontextprotocol/serverInfo': { name: 'scripted', version: '1' } },
    })
  }

/** Opens as a server with sessions does, and leaves the rest to `script`. */
export const legacyScript =
  (script: Script = () => {}, version: string = legacy[0]?.version ?? '', session?: string): Script =>
  asked => {
    if (asked.method === 'server/discover') return asked.fail(-32601, 'Method not found')
    if (asked.method !== 'initialize') return script(asked)
    asked.reply(
      {
        protocolVersion: version,
        capabilities,
        serverInfo: { name: 'scripted', version: '1' },
        instructions: 'be kind',
      },
      session === undefined ? {} : { 'mcp-session-id': session },
    )
  }

export const gone = (status: number): TransportError => new TransportError('http_status', `HTTP ${status}`, { status })
