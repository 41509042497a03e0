import {
  type Call,
  type CreateMessageRequestParams,
  type CreateMessageResult,
  isLogged,
  type LoggingLevel,
  type Meta,
  MissingCapability,
  type Peer,
  type Principal,
  type Root,
} from '@interlock/protocol'
import {
  type Consent,
  type ContentOf,
  type Elicitation,
  type Elicited,
  elicitRequest,
  type FormSchema,
  type Otherwise,
  readAnswer,
  readConsent,
  type UrlElicitation,
  urlRequest,
} from './elicitation.ts'
import { readRoots } from './roots.ts'
import { readSample, sampleRequest } from './sampling.ts'
import { demandScopes } from './scopes.ts'
import { TaskWork } from './tasks/task-work.ts'

/** What every handler gets besides its arguments. */
export interface Context {
  /** Aborted when the client cancels or goes away. */
  readonly signal: AbortSignal
  readonly peer: Peer
  /** Who calls; undefined where nobody has to log in. */
  readonly principal: Principal | undefined
  /**
   * For scopes that depend on the arguments: goes on where the caller has all of them. Ask before anything is done, and
   * for all at once: the client comes back with a new token and calls again from the start.
   * @throws InsufficientScope: let it pass
   */
  requireScopes(...scopes: readonly string[]): void
  /** The request's `_meta`, for example trace context. */
  readonly meta: Meta
  /** Tells how far the work has come; `progress` must grow. Costs nothing when nobody listens. */
  progress(progress: number, total?: number, message?: string): void
  /** Sends a log message to the client, if it asked for messages of this level. */
  log(level: LoggingLevel, data: unknown, logger?: string): void
  /**
   * Closes the connection on which the client waits for this call, so that it is not held open through long work; the
   * client comes back for the rest after `retryMs` (default 1000). Does nothing where it could not: in other revisions
   * than those with resumable streams, and over other transports than HTTP.
   */
  letGo(retryMs?: number): void
}

/**
 * The context of handlers that may ask the user in the middle of their work (tools, prompts, resources).
 *
 * In stateless revisions the handler runs again from its start for every round of questions: keep what comes before a
 * question pure, or wrap effects in `step`; keep keys stable; clean up in `finally`; do not hold a lock or transaction
 * across a question. On the last round a client may repeat itself: use `flow` as an idempotency key.
 */
export interface InteractiveContext extends Context {
  /** The same id in every round of this call. */
  readonly flow: string
  /** Remembers the value of an effect, so that it happens once however often the handler is replayed. Must be JSON. */
  step<T>(key: string, run: () => T | Promise<T>): Promise<T>
  /**
   * Asks the user to fill in a form. The key names the question; by default questions are numbered in order.
   * @throws MissingCapability (−32021) when the client cannot ask its user, unless the request says what to do then;
   * ProtocolError when its answer does not fit the schema
   */
  elicit<Schema extends FormSchema>(key: string, request: Elicitation<Schema>): Promise<Elicited<ContentOf<Schema>>>
  elicit<Schema extends FormSchema>(request: Elicitation<Schema>): Promise<Elicited<ContentOf<Schema>>>
  /**
   * Asks the user to go to a page, for what must not pass through the client: passwords, payments, another service's
   * consent. `accept` means that the user agreed to open it, not that they are done there.
   * @throws MissingCapability (−32021) when the client cannot send its user to a page, unless the request says what to do
   * then; TypeError for a URL that is not http(s)
   */
  elicit(key: string, request: UrlElicitation): Promise<Consent>
  elicit(request: UrlElicitation): Promise<Consent>
  /**
   * Asks the client's model (specification: Sampling). The request may hold tools: then the answer may be their use, and
   * it is the caller who runs them and asks again with the results.
   * @throws MissingCapability (−32021) when the client has no model to offer, or not what the request needs of it
   * (tools, context), unless the request says what to do then; TypeError when the messages do not answer each use of a tool with its result
   */
  sample(key: string, request: SampleRequest): Promise<CreateMessageResult>
  sample(request: SampleRequest): Promise<CreateMessageResult>
  /**
   * The directories and files that the user lets this server work on (specification: Roots). Asked for once per call.
   * @throws MissingCapability (−32021) when the client does not tell, unless it is said what to do then
   */
  roots(options?: Otherwise<readonly Root[]>): Promise<readonly Root[]>
}

/** The context of tools. */
export interface ToolContext extends InteractiveContext {
  /**
   * The rest of the work, to be returned by the handler of a tool with the option `task`: it goes on as a task where the
   * client takes one, else within the call. What is asked before is answered before the task begins; a task's handler
   * runs once, and its questions wait.
   * @example
   * const size = await ctx.elicit({ message: 'How large?', schema })
   * return ctx.task(async ctx => render(size, ctx.signal))
   */
  task<Value>(run: (ctx: InteractiveContext) => Value | Promise<Value>): TaskWork<Value>
}

export type SampleRequest = CreateMessageRequestParams & Otherwise<CreateMessageResult>

/** One object per call; its members are made when they are read. */
export class CallContext implements ToolContext {
  readonly #call: Call
  #questions = 0

  constructor(call: Call) {
    this.#call = call
  }

  get signal(): AbortSignal {
    return this.#call.caller.signal
  }

  get peer(): Peer {
    return this.#call.caller.peer
  }

  get principal(): Principal | undefined {
    return this.#call.caller.peer.principal
  }

  requireScopes(...scopes: readonly string[]): void {
    demandScopes(this.peer, scopes)
  }

  get meta(): Meta {
    return this.#call.params._meta ?? {}
  }

  get flow(): string {
    return this.#call.caller.input.flow
  }

  progress(progress: number, total?: number, message?: string): void {
    const { caller } = this.#call
    if (!caller.wantsProgress) return
    caller.notify({
      kind: 'progress',
      progress,
      ...(total === undefined ? {} : { total }),
      ...(message === undefined ? {} : { message }),
    })
  }

  log(level: LoggingLevel, data: unknown, logger?: string): void {
    const { caller } = this.#call
    if (!isLogged(level, caller.logLevel)) return
    caller.notify(logger === undefined ? { kind: 'log', level, data } : { kind: 'log', level, data, logger })
  }

  letGo(retryMs = 1000): void {
    if (!Number.isInteger(retryMs) || retryMs < 0 || retryMs > 86_400_000) {
      throw new TypeError('letGo needs whole milliseconds, at most a day')
    }
    this.#call.caller.letGo?.(retryMs)
  }

  step<T>(key: string, run: () => T | Promise<T>): Promise<T> {
    return this.#call.caller.input.step(key, run)
  }

  elicit<Schema extends FormSchema>(key: string, request: Elicitation<Schema>): Promise<Elicited<ContentOf<Schema>>>
  elicit<Schema extends FormSchema>(request: Elicitation<Schema>): Promise<Elicited<ContentOf<Schema>>>
  elicit(key: string, request: UrlElicitation): Promise<Consent>
  elicit(request: UrlElicitation): Promise<Consent>
  async elicit(...asked: Asked<Elicitation<FormSchema> | UrlElicitation>): Promise<Elicited<never>> {
    const [key, request] = this.#named(asked, 'elicit needs { message, schema } or { message, url }')
    const { input } = this.#call.caller
    const answer =
      'url' in request
        ? await askOr(async () => readConsent(key, await input.ask(key, urlRequest(request))), request)
        : await askOr(
            async () => readAnswer(key, request.schema, await input.ask(key, elicitRequest(request))),
            request,
          )
    return answer as Elicited<never> // typed by the overloads
  }

  sample(key: string, request: SampleRequest): Promise<CreateMessageResult>
  sample(request: SampleRequest): Promise<CreateMessageResult>
  async sample(...asked: Asked<SampleRequest>): Promise<CreateMessageResult> {
    const [key, { otherwise, ...params }] = this.#named(asked, 'sample needs { messages, maxTokens }')
    const { input, peer } = this.#call.caller
    const ask = async (): Promise<CreateMessageResult> =>
      readSample(key, await input.ask(key, sampleRequest(params, peer)))
    return askOr(ask, otherwise === undefined ? {} : { otherwise })
  }

  roots(options: Otherwise<readonly Root[]> = {}): Promise<readonly Root[]> {
    const { input } = this.#call.caller
    return askOr(async () => readRoots(await input.ask('roots', { method: 'roots/list' })), options)
  }

  task<Value>(run: (ctx: InteractiveContext) => Value | Promise<Value>): TaskWork<Value> {
    return new TaskWork(call => run(call === undefined ? this : new CallContext(call)))
  }

  /** A question with its key; those without one are numbered. */
  #named<Request extends object>([first, second]: Asked<Request>, need: string): [key: string, request: Request] {
    const request = typeof first === 'string' ? second : first
    if (request === undefined) throw new TypeError(need)
    this.#questions += 1
    return [typeof first === 'string' ? first : `question-${this.#questions}`, request]
  }
}

type Asked<Request extends object> = [first: string | Request, second?: Request]

/** The answer to a question; where the client cannot be asked, what the author has for that case. */
async function askOr<Answer>(ask: () => Promise<Answer>, { otherwise }: Otherwise<Answer>): Promise<Answer> {
  try {
    return await ask()
  } catch (error) {
    if (otherwise === undefined || !(error instanceof MissingCapability)) throw error
    return otherwise()
  }
}
