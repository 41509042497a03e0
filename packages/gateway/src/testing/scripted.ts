import {
  type Call,
  code,
  type Ended,
  type ExchangeOptions,
  type LoggingLevel,
  legacy,
  type Message,
  type Notification,
  newest,
  type Params,
  ProtocolError,
  type Reply,
  type Request,
  type RequestId,
  type Response,
  type Transport,
  TransportError,
} from '@interlock/protocol'
import type { ServerSpec } from '../config/server.ts'
import { type Opened, openedOver } from '../upstreams/open.ts'

/** Gives a result, throws what the request is to fail with, or never settles. */
export type Answer = (params: Params) => unknown

/** A server whose every launch is a list of answers by method. It holds sessions, unless told otherwise. */
export class ScriptedServer {
  readonly name: string
  readonly launches: ScriptedTransport[] = []
  answers: Record<string, Answer>
  kind: Transport['kind'] = 'http'

  constructor(name: string, answers: Record<string, Answer> = {}) {
    this.name = name
    this.answers = {
      'server/discover': () => {
        throw new ProtocolError(code.methodNotFound, 'no such method')
      },
      initialize: () => ({
        protocolVersion: legacy[0]?.version,
        capabilities: { tools: {}, prompts: {}, resources: { subscribe: true }, logging: {}, completions: {} },
        serverInfo: { name, version: '1' },
      }),
      'tools/list': () => ({ tools: [] }),
      'prompts/list': () => ({ prompts: [] }),
      'resources/list': () => ({ resources: [] }),
      'resources/templates/list': () => ({ resourceTemplates: [] }),
      'resources/subscribe': () => ({}),
      'resources/unsubscribe': () => ({}),
      'logging/setLevel': () => ({}),
      ...answers,
    }
  }

  get spec(): ServerSpec {
    return { name: this.name, disabled: false, kind: 'http', url: new URL('http://localhost/'), headers: {} }
  }

  /** The launch that runs now. */
  get now(): ScriptedTransport {
    const last = this.launches.at(-1)
    if (last === undefined) throw new Error(`${this.name} was not started`)
    return last
  }

  readonly open = (): Opened => {
    const transport = new ScriptedTransport(this)
    this.launches.push(transport)
    return openedOver(transport)
  }

  /** How often a method was asked for, in all launches. */
  count(method: string): number {
    return this.launches.flatMap(({ asked }) => asked).filter(request => request.method === method).length
  }
}

export class ScriptedTransport implements Transport {
  readonly asked: Request[] = []
  readonly ended: Promise<Ended>
  /** What was done to it in the end, in order. */
  readonly ending: ('terminated' | 'disposed')[] = []
  readonly #server: ScriptedServer
  readonly #answers = new Set<RequestId>()
  readonly #waiting = new Map<RequestId, () => void>()
  readonly #flights = new Map<RequestId, (reason: unknown) => void>()
  #end: (reason: Ended) => void = () => {}
  #tell: (message: Request | Notification) => void = () => {}

  constructor(server: ScriptedServer) {
    this.#server = server
    this.ended = new Promise(resolve => {
      this.#end = resolve
    })
  }

  get kind(): Transport['kind'] {
    return this.#server.kind
  }

  /** Sends a notification that belongs to no request. */
  tell(method: string, params?: Params): void {
    this.#tell({ jsonrpc: '2.0', method, ...(params === undefined ? {} : { params }) })
  }

  /** Asks the client something on the stream that all calls share. */
  ask(id: RequestId, method: string, params: Params): void {
    this.#tell({ jsonrpc: '2.0', id, method, params })
  }

  /** Ends as a process does: everything in flight fails. */
  break(reason: TransportError): void {
    this.#end(reason)
    for (const reject of this.#flights.values()) reject(reason)
  }

  async exchange(request: Request, { signal }: ExchangeOptions = {}): Promise<Reply> {
    this.asked.push(request)
    const { id, method, params = {} } = request
    let onAbort: (() => void) | undefined
    const gone = new Promise<never>((_, reject) => {
      this.#flights.set(id, reject)
      onAbort = () => reject(signal?.reason)
      signal?.addEventListener('abort', onAbort, { once: true })
    })
    try {
      return { response: await Promise.race([this.#answer(id, method, params), gone]), header: () => 'the session' }
    } finally {
      if (onAbort !== undefined) signal?.removeEventListener('abort', onAbort)
      this.#flights.delete(id)
    }
  }

  async #answer(id: RequestId, method: string, params: Params): Promise<Response> {
    await Promise.resolve()
    try {
      const answer = this.#server.answers[method]
      if (answer === undefined) throw new ProtocolError(code.methodNotFound, 'no such method')
      return { jsonrpc: '2.0', id, result: (await answer(params)) as object }
    } catch (error) {
      if (error instanceof ProtocolError) return { jsonrpc: '2.0', id, error: error.toObject() }
      throw error
    }
  }

  /** Resolves when the client has answered a question. */
  async answered(id: RequestId): Promise<void> {
    if (this.#answers.has(id)) return
    await new Promise<void>(resolve => this.#waiting.set(id, resolve))
  }

  async send(message: Message): Promise<void> {
    if ('method' in message || message.id === undefined) return
    this.#answers.add(message.id)
    this.#waiting.get(message.id)?.()
  }

  onMessage(listener: (message: Request | Notification) => void): void {
    this.#tell = listener
  }

  onNoise(): void {}

  async terminate(): Promise<void> {
    this.ending.push('terminated')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.ending.includes('disposed')) this.ending.push('disposed')
    this.#end(undefined)
    for (const reject of this.#flights.values()) reject(new TransportError('closed', 'the connection was closed'))
  }
}

export const tool = (name: string): { name: string; inputSchema: { type: 'object' } } => ({
  name,
  inputSchema: { type: 'object' },
})

/** A call of a client that waits for nothing in particular. */
export function callOf(method: string, params: Params, logLevel?: LoggingLevel): Call {
  return {
    method,
    params,
    caller: {
      peer: { revision: newest, capabilities: {} },
      signal: new AbortController().signal,
      input: {
        flow: 'f',
        isLive: true,
        ask: () => Promise.reject(new Error('not asked')),
        step: async (_, run) => run(),
      },
      wantsProgress: false,
      logLevel,
      notify: () => {},
    },
  }
}

/** A promise and the way to settle it. */
export function gate<Value = void>(): { promise: Promise<Value>; open: (value: Value) => void } {
  const resolves: ((value: Value) => void)[] = []
  const promise = new Promise<Value>(resolve => resolves.push(resolve))
  return { promise, open: value => resolves[0]?.(value) }
}
