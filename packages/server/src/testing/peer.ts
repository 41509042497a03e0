import {
  errorResponse,
  type InputRequest,
  isRequest,
  type Message,
  metaKey,
  type Notification,
  notification,
  type Params,
  type Principal,
  type Receiver,
  type Request,
  type RequestId,
  type Response,
  type Revision,
  request,
  toErrorObject,
} from '@interlock/protocol'
import { memoryTransport } from '@interlock/transport'

export interface PeerOptions {
  /** What the client says it can. Default: everything. */
  readonly capabilities?: object
  /** Answers questions, however they come. `undefined` leaves one unanswered. */
  readonly onInput?: (question: InputRequest, key: string) => unknown
  readonly principal?: Principal
}

/** An error that the server answered with. */
export class Refusal extends Error {
  readonly code: number
  readonly data: unknown
  constructor({ code, message, data }: { code: number; message: string; data?: unknown }) {
    super(message)
    this.code = code
    this.data = data
  }
}

type Result = Readonly<Record<string, unknown>>

/** A client that speaks plain JSON-RPC, and answers questions the way its revision does. */
export class Peer implements AsyncDisposable {
  readonly revision: Revision
  /** All that the server said which is no response. */
  readonly heard: (Request | Notification)[] = []
  /** Requests sent so far. */
  sent = 0
  readonly #transport: ReturnType<typeof memoryTransport>
  readonly #options: PeerOptions
  #waiting: (() => void)[] = []
  #taken = new Set<Request | Notification>()

  constructor(receiver: Receiver, revision: Revision, options: PeerOptions) {
    this.revision = revision
    this.#options = options
    this.#transport = memoryTransport(
      options.principal === undefined ? receiver : authenticated(receiver, options.principal),
    )
    this.#transport.onMessage(message => this.#take(message))
  }

  async initialize(): Promise<Result> {
    const clientInfo = { name: 'peer', version: '1.0.0' }
    const { version: protocolVersion } = this.revision
    const result = await this.once('initialize', { protocolVersion, capabilities: this.#capabilities, clientInfo })
    this.notify('notifications/initialized')
    return result
  }

  /** Sends a request, answers what it asks, and gives the result of its last round. */
  async call(method: string, params: Params = {}): Promise<Result> {
    let result = await this.once(method, params)
    while (result['resultType'] === 'input_required') {
      result = await this.once(method, { ...params, ...(await this.answersTo(result)) })
    }
    return result
  }

  tool(name: string, args: object = {}, meta?: object): Promise<Result> {
    return this.call('tools/call', { name, arguments: args, ...(meta === undefined ? {} : { _meta: { ...meta } }) })
  }

  /** One request and its response, whatever that is. */
  async once(method: string, params: Params = {}, id: RequestId = this.nextId()): Promise<Result> {
    const response = await this.respondTo(method, params, id)
    if ('error' in response) throw new Refusal(response.error)
    return { ...response.result }
  }

  async respondTo(method: string, params: Params = {}, id: RequestId = this.nextId()): Promise<Response> {
    const { response } = await this.#transport.exchange(request(id, method, this.#enveloped(params)))
    return response
  }

  /** Sends a request without waiting for its response. */
  begin(method: string, params: Params = {}, id: RequestId = this.nextId()): Promise<Result> {
    const result = this.once(method, params, id)
    result.catch(() => {}) // its test looks at it, or not
    return result
  }

  nextId(): number {
    this.sent += 1
    return this.sent
  }

  notify(method: string, params?: Params): void {
    this.send(notification(method, params))
  }

  send(message: Notification | Response): void {
    void this.#transport.send(message)
  }

  /** What a retry brings for what a result asks. */
  async answersTo(result: Result): Promise<Params> {
    const requests = Object.entries((result['inputRequests'] ?? {}) as Record<string, InputRequest>)
    const answers = await Promise.all(
      requests.map(async ([key, question]) => [key, await this.#options.onInput?.(question, key)] as const),
    )
    const inputResponses = Object.fromEntries(answers.filter(([, answer]) => answer !== undefined))
    const state = result['requestState']
    return state === undefined ? { inputResponses } : { inputResponses, requestState: state }
  }

  /** The next message of a method that was not taken before. */
  async next(method: string): Promise<Request | Notification> {
    for (;;) {
      const found = this.heard.find(message => message.method === method && !this.#taken.has(message))
      if (found !== undefined) {
        this.#taken.add(found)
        return found
      }
      await new Promise<void>(resolve => this.#waiting.push(resolve))
    }
  }

  /** The params of everything heard under a method. */
  all(method: string): readonly (Params | undefined)[] {
    return this.heard.filter(message => message.method === method).map(({ params }) => params)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve(this.#transport[Symbol.asyncDispose]())
  }

  get #capabilities(): object {
    return this.#options.capabilities ?? { elicitation: { form: {}, url: {} }, sampling: {}, roots: {} }
  }

  /** Modern requests say who is asking; a `_meta` member that is given as undefined is left out. */
  #enveloped(params: Params): Params {
    if (this.revision.features.era === 'legacy') return params
    const envelope = {
      [metaKey.protocolVersion]: this.revision.version,
      [metaKey.clientCapabilities]: this.#capabilities,
    }
    return { ...params, _meta: { ...envelope, ...params._meta } }
  }

  #take(message: Request | Notification): void {
    this.heard.push(message)
    const waiting = this.#waiting
    this.#waiting = []
    for (const resolve of waiting) resolve()
    if (isRequest(message)) void this.#answer(message)
  }

  async #answer({ id, method, params }: Request): Promise<void> {
    const question = { method, params } as InputRequest // servers ask nothing else
    try {
      const result = await this.#options.onInput?.(question, String(id))
      if (result !== undefined) this.send({ jsonrpc: '2.0', id, result } as Message as Response)
    } catch (error) {
      this.send(errorResponse(id, toErrorObject(error)))
    }
  }
}

/** A peer that has shaken hands where its revision asks for that. */
export async function peer(
  server: { readonly receiver: Receiver },
  revision: Revision,
  options: PeerOptions = {},
): Promise<Peer> {
  const made = new Peer(server.receiver, revision, options)
  if (revision.features.era === 'legacy') await made.initialize()
  return made
}

/** What an authenticating transport would hand over. */
function authenticated(receiver: Receiver, principal: Principal): Receiver {
  return {
    ...receiver,
    receive: exchange =>
      receiver.receive({
        message: exchange.message,
        binding: { ...exchange.binding, principal },
        cancellation: exchange.cancellation,
        isCongested: false,
        send: message => exchange.send(message),
        reply: (response, delivery) => exchange.reply(response, delivery),
        end: delivery => exchange.end(delivery),
      }),
  }
}
