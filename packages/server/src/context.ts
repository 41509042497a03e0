import {
  type Call,
  type ElicitResult,
  type InputRequest,
  invalidParams,
  isLogged,
  isObject,
  type LoggingLevel,
  type Meta,
  type Peer,
  type Principal,
} from '@interlock/protocol'
import { formIssues, formSchema } from './form.ts'
import { describeIssues, isStandardSchema, type OutputOf, type StandardSchema, type Validated } from './schema.ts'

/** What every handler gets besides its arguments. */
export interface Context {
  /** Aborted when the client cancels or goes away. */
  readonly signal: AbortSignal
  readonly peer: Peer
  readonly principal: Principal | undefined
  /** The request's `_meta`, for example trace context. */
  readonly meta: Meta
  /** Tells how far the work has come; `progress` must grow. Costs nothing when nobody listens. */
  progress(progress: number, total?: number, message?: string): void
  /** Sends a log message to the client, if it asked for messages of this level. */
  log(level: LoggingLevel, data: unknown, logger?: string): void
}

export interface Elicitation<Schema> {
  readonly message: string
  /** An object of strings, numbers, booleans and enums: any Standard Schema with JSON Schema, or plain JSON Schema. */
  readonly schema: Schema
}

export type Elicited<Content> =
  | { readonly action: 'accept'; readonly content: Content }
  | { readonly action: 'decline' | 'cancel' }

type ContentOf<Schema> = Schema extends StandardSchema ? OutputOf<Schema> : Readonly<Record<string, unknown>>

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
   * @throws ProtocolError when the client cannot ask its user (−32021), or its answer does not fit the schema.
   */
  elicit<Schema extends StandardSchema | Readonly<Record<string, unknown>>>(
    key: string,
    request: Elicitation<Schema>,
  ): Promise<Elicited<ContentOf<Schema>>>
  elicit<Schema extends StandardSchema | Readonly<Record<string, unknown>>>(
    request: Elicitation<Schema>,
  ): Promise<Elicited<ContentOf<Schema>>>
}

/** One object per call; its members are made when they are read. */
export class CallContext implements InteractiveContext {
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

  step<T>(key: string, run: () => T | Promise<T>): Promise<T> {
    return this.#call.caller.input.step(key, run)
  }

  elicit<Schema extends StandardSchema | Readonly<Record<string, unknown>>>(
    key: string,
    request: Elicitation<Schema>,
  ): Promise<Elicited<ContentOf<Schema>>>
  elicit<Schema extends StandardSchema | Readonly<Record<string, unknown>>>(
    request: Elicitation<Schema>,
  ): Promise<Elicited<ContentOf<Schema>>>
  async elicit(
    first: string | Elicitation<StandardSchema | Readonly<Record<string, unknown>>>,
    second?: Elicitation<StandardSchema | Readonly<Record<string, unknown>>>,
  ): Promise<Elicited<never>> {
    const request = typeof first === 'string' ? second : first
    if (request === undefined) throw new TypeError('elicit needs { message, schema }')
    this.#questions += 1
    const key = typeof first === 'string' ? first : `question-${this.#questions}`
    const answer = await this.#call.caller.input.ask(key, elicitRequest(request))
    return readAnswer(key, request.schema, answer) as Promise<Elicited<never>> // typed by the overloads
  }
}

function elicitRequest({
  message,
  schema,
}: Elicitation<StandardSchema | Readonly<Record<string, unknown>>>): InputRequest {
  return { method: 'elicitation/create', params: { mode: 'form', message, requestedSchema: formSchema(schema) } }
}

async function readAnswer(
  key: string,
  schema: StandardSchema | Readonly<Record<string, unknown>>,
  answer: unknown,
): Promise<Elicited<unknown>> {
  if (!isElicitResult(answer)) throw invalidParams(`the answer to "${key}" is not an elicitation result`)
  if (answer.action !== 'accept') return { action: answer.action }
  const content = answer.content ?? {}
  const validated = isStandardSchema(schema)
    ? await schema['~standard'].validate(content)
    : checkForm(formSchema(schema), content)
  if (validated.issues !== undefined) {
    throw invalidParams(`the answer to "${key}" does not fit: ${describeIssues(validated.issues)}`)
  }
  return { action: 'accept', content: validated.value }
}

function checkForm(form: Record<string, unknown>, content: object): Validated<unknown> {
  const issues = formIssues(form, { ...content })
  return issues.length === 0 ? { value: content } : { issues }
}

const isElicitResult = (value: unknown): value is ElicitResult =>
  isObject(value) &&
  ['accept', 'decline', 'cancel'].includes(String(value['action'])) &&
  (value['content'] === undefined || isObject(value['content']))
