import {
  type Caller,
  type ClientCapabilities,
  code,
  type InputPort,
  type InputRequest,
  isObject,
  type LoggingLevel,
  MissingCapability,
  type Params,
  type Peer,
  ProtocolError,
  type RequestEvent,
  type Revision,
  refusedQuestion,
  requireCapability,
  type Service,
  Suspended,
} from '@interlock/protocol'

/** What a library knows of one request. */
export interface Known {
  readonly revision: Revision
  readonly capabilities: ClientCapabilities
  readonly signal: AbortSignal
  readonly logLevel: LoggingLevel | undefined
  /** Sends a notification on the stream of the request. */
  notify(method: string, params: Params): Promise<void>
  /** Asks the client while it waits; absent where questions are part of the answer. */
  readonly ask?: (request: InputRequest, signal: AbortSignal) => Promise<unknown>
  /** What came back for earlier questions. */
  readonly answers?: Readonly<Record<string, unknown>>
}

export type Answered =
  | { readonly result: Record<string, unknown> }
  /** Questions that go out as the answer, and the answers so far. */
  | { readonly questions: Readonly<Record<string, InputRequest>> }

/** Lets a service answer a request that another library received, in the words of one revision. */
export async function answer(service: Service, method: string, params: Params, known: Known): Promise<Answered> {
  const { revision, capabilities, signal, logLevel } = known
  const peer: Peer = { revision, capabilities }
  const questions: Record<string, InputRequest> = {}
  const told: Promise<void>[] = []
  const caller: Caller = {
    peer,
    signal,
    logLevel,
    input: known.ask === undefined ? rounds(peer, known.answers ?? {}, questions) : live(peer, known.ask, signal),
    wantsProgress: params._meta?.['progressToken'] !== undefined,
    notify: event => void told.push(known.notify(...notificationOf(event, params, revision)).catch(() => {})),
  }
  try {
    const outcome = await service.handle({ method, params, caller })
    await Promise.all(told)
    // A handler may have caught what unwinds it.
    if (Object.keys(questions).length > 0) return { questions }
    if (outcome.kind !== 'complete') throw new TypeError(`${method} ended as ${outcome.kind}`)
    const hints = revision.features.era === 'modern' && outcome.cache
    const result = { ...outcome.result, ...(hints && { ttlMs: hints.ttlMs, cacheScope: hints.scope }) }
    return { result: revision.lower.results?.[method]?.(result) ?? result }
  } catch (error) {
    if (error instanceof Suspended) return { questions }
    throw error instanceof MissingCapability && error.cause !== undefined ? error.cause : error
  }
}

function live(peer: Peer, ask: NonNullable<Known['ask']>, signal: AbortSignal): InputPort {
  return {
    flow: 'f',
    isLive: true,
    async ask(_, request, wanted) {
      requireCapability(peer, request)
      const params = peer.revision.lower.requests?.[request.method]?.({ ...request.params }) ?? request.params
      const answered = await ask(
        { ...request, ...(params && { params }) },
        wanted === undefined ? signal : AbortSignal.any([signal, wanted]),
      ).catch(error => inOurWords(error, request))
      return peer.revision.lift[request.method]?.(answered as Params, { ...request.params }) ?? answered
    },
    step: async (_, run) => run(),
  }
}

/**
 * Every library's errors of the protocol are its own. The author's `otherwise` wants ours; one who has none sends on what
 * the library threw.
 */
function inOurWords(error: unknown, request: InputRequest): never {
  if (!isObject(error) || typeof error['code'] !== 'number') throw error
  if (error['code'] === code.invalidRequest || error['code'] === code.methodNotFound) {
    throw Object.assign(refusedQuestion(request), { cause: error })
  }
  throw new ProtocolError(error['code'], String(error['message']).replace(/^MCP error -?\d+: /, ''), error['data'])
}

function rounds(
  peer: Peer,
  answers: Readonly<Record<string, unknown>>,
  questions: Record<string, InputRequest>,
): InputPort {
  return {
    flow: 'f',
    isLive: false,
    async ask(key, request) {
      requireCapability(peer, request)
      if (Object.hasOwn(answers, key)) return answers[key]
      questions[key] = request
      throw new Suspended()
    },
    step: async (_, run) => run(),
  }
}

function notificationOf(event: RequestEvent, params: Params, { lower }: Revision): [method: string, params: Params] {
  const { kind, ...members } = event
  if (kind === 'log') return ['notifications/message', members]
  const progress = { ...members, progressToken: params._meta?.['progressToken'] }
  return ['notifications/progress', lower.notifications?.['notifications/progress']?.(progress) ?? progress]
}
