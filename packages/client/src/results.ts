import {
  type CacheHint,
  type ClientChecks,
  clip,
  code,
  complete,
  explain,
  type InputRequests,
  interactiveMethods,
  isObject,
  isTask,
  type Outcome,
  type Params,
  ProtocolError,
  type Reply,
  ResourceNotFound,
  type Revision,
  receivedByClients,
} from '@interlock/protocol'
import { Complaints } from './complaints.ts'
import { clientLimits } from './limits.ts'

/** Who answered, and who is told what is wrong with the answer but does not spoil it. */
export interface Answering {
  readonly name: string
  readonly warn: (warning: string) => void
}

/**
 * The result of a reply that carries one.
 * @throws ProtocolError with the code and data of the error it carries; ResourceNotFound where that is what it says
 */
export function resultOf(reply: Reply, method?: string, params?: Params): object {
  const { response } = reply
  if ('result' in response) return response.result
  const { code: errorCode, message, data } = response.error
  const told = isObject(data) ? data['uri'] : undefined
  if (errorCode === code.resourceNotFound) {
    const uri = told ?? params?.['uri']
    throw typeof uri === 'string' ? notFound(uri, message) : new ProtocolError(code.invalidParams, message, data)
  }
  if (errorCode === code.invalidParams && method === 'resources/read' && typeof told === 'string') {
    throw notFound(told, message)
  }
  throw new ProtocolError(errorCode, message, data)
}

/** Whoever passes it on can tell it in the code that the next revision has for it. */
function notFound(uri: string, message: string): ResourceNotFound {
  const error = new ResourceNotFound(uri)
  error.message = message
  return error
}

/** An outcome that knows what its result was read from, where that was kept. */
export const withSource = (outcome: Outcome, { source }: Reply): Outcome =>
  source === undefined || outcome.kind !== 'complete' ? outcome : { ...outcome, source }

/** Checks a result of a revision with sessions. It is handed on as it came. */
export function legacyOutcome(
  method: string,
  result: object,
  revision: Revision,
  answering: Answering,
): Outcome | Promise<Outcome> {
  if (method === 'tools/call' && 'task' in result) return taskOutcome(result.task, answering)
  const checks = receivedByClients(revision).requests[method]
  if (checks === undefined || checks.result(result)) return { kind: 'complete', result }
  return repaired(method, result, revision, answering).then(complete)
}

/** Checks a result of a stateless revision and takes off what belongs to the wire. */
export function modernOutcome(
  method: string,
  result: object,
  revision: Revision,
  answering: Answering,
): Outcome | Promise<Outcome> {
  const { resultType = 'complete' } = result as Wire
  if (resultType === 'input_required') return inputRequired(method, result, revision, answering)
  if (resultType === 'task' && method === 'tools/call') return taskOutcome(result, answering)
  if (resultType !== 'complete') {
    throw broken(
      `${answering.name} answered ${method} with resultType ${clip(JSON.stringify(resultType))}, which is unknown`,
    )
  }
  const checks = receivedByClients(revision).requests[method]
  if (checks === undefined) return ofExtension(result)
  if (checks.result(result)) return stripped(result)
  // What a reader is to assume of servers that leave these out or get them wrong (specification: Responses; Caching).
  const { ttlMs, cacheScope } = result as Wire
  const { ttlMs: soundMs, scope } = cacheHint(ttlMs, cacheScope)
  const whole = { ...result, resultType, ttlMs: soundMs, cacheScope: scope }
  if (checks.result(whole)) return stripped(result)
  return repaired(method, whole, revision, answering).then(stripped)
}

/** The server goes on with the work after its answer. */
function taskOutcome(sent: unknown, { name }: Answering): Outcome {
  const task = isObject(sent) ? lifted(sent) : sent
  if (isTask(task)) return { kind: 'task', task }
  throw broken(`${name} answered tools/call with a task that breaks the specification`)
}

/** The words of revision 2025-11-25 in those of the extension. */
export function lifted(task: object): object {
  const { ttl, pollInterval, ...rest } = task as { readonly ttl?: unknown; readonly pollInterval?: unknown }
  return {
    ...rest,
    ...(ttl === undefined ? {} : { ttlMs: ttl }),
    ...(pollInterval === undefined ? {} : { pollIntervalMs: pollInterval }),
  }
}

interface Wire {
  readonly resultType?: unknown
  readonly ttlMs?: unknown
  readonly cacheScope?: unknown
}

function stripped(result: object): Outcome {
  const { resultType: _, ttlMs, cacheScope, ...rest }: Wire = result
  return ttlMs === undefined ? complete(rest) : complete(rest, cacheHint(ttlMs, cacheScope))
}

/** What an extension calls by the name of a hint is its own, unless there are both of them. */
function ofExtension(result: object): Outcome {
  if ('cacheScope' in result) return stripped(result)
  const { resultType: _, ...rest }: Wire = result
  return complete(rest)
}

function cacheHint(ttlMs: unknown, cacheScope: unknown): CacheHint {
  return {
    ttlMs: Number.isSafeInteger(ttlMs) && Number(ttlMs) > 0 ? Number(ttlMs) : 0,
    scope: cacheScope === 'public' ? 'public' : 'private',
  }
}

async function inputRequired(
  method: string,
  result: object,
  revision: Revision,
  { name }: Answering,
): Promise<Outcome> {
  if (!interactiveMethods.has(method)) {
    throw broken(`${name} answered ${method} with resultType "input_required", which this method cannot have`)
  }
  const received = receivedByClients(revision)
  if (received.entries.InputRequiredResult?.(result) === false) {
    throw broken(
      `${name} asked for input in a way that breaks the specification: ${await explain(received, 'InputRequiredResult', result, 'result')}`,
    )
  }
  const { inputRequests, requestState } = result as { inputRequests?: InputRequests; requestState?: string } // just checked
  if (inputRequests === undefined && requestState === undefined) {
    throw broken(`${name} answered ${method} with resultType "input_required" but asks nothing and keeps no state`)
  }
  if (Object.keys(inputRequests ?? {}).length > clientLimits.openQuestions) {
    throw broken(`${name} answered ${method} with more than ${clientLimits.openQuestions} questions at once`)
  }
  return {
    kind: 'input_required',
    ...(inputRequests === undefined ? {} : { requests: inputRequests }),
    ...(requestState === undefined ? {} : { state: requestState }),
  }
}

/** Lists, and what is in them: one broken entry must not hide the rest. */
const lists = {
  'tools/list': ['tools', 'Tool'],
  'prompts/list': ['prompts', 'Prompt'],
  'resources/list': ['resources', 'Resource'],
  'resources/templates/list': ['resourceTemplates', 'ResourceTemplate'],
} as const

const isList = (method: string): method is keyof typeof lists => Object.hasOwn(lists, method)

/** The result without its broken entries. @throws ProtocolError that says what is wrong, when that is not enough. */
async function repaired(method: string, result: object, revision: Revision, answering: Answering): Promise<object> {
  const received = receivedByClients(revision)
  const checks = received.requests[method]
  if (checks === undefined) return result
  if (isList(method)) {
    const [member, definition] = lists[method]
    const entries: unknown = (result as Record<string, unknown>)[member]
    if (Array.isArray(entries)) {
      const sound = await soundEntries(entries, member, definition, received, answering)
      const rest = { ...result, [member]: sound }
      if (checks.result(rest)) return rest
    }
  }
  const fault = await explain(received, checks.names.result, result, 'result')
  throw broken(`${answering.name} answered ${method} with a result that breaks the specification: ${fault}`)
}

async function soundEntries(
  entries: readonly unknown[],
  member: string,
  definition: (typeof lists)[keyof typeof lists][1],
  received: ClientChecks,
  { name, warn }: Answering,
): Promise<unknown[]> {
  const what = definition.toLowerCase()
  const sound: unknown[] = []
  const complaints = new Complaints()
  for (const entry of entries.slice(0, clientLimits.listEntries)) {
    if (received.entries[definition](entry)) sound.push(entry)
    else {
      const fault = complaints.isHeard ? await explain(received, definition, entry, what) : ''
      complaints.add(
        () => `${name} lists a ${what} ${called(entry)} that is left out because it breaks the specification: ${fault}`,
      )
    }
  }
  complaints.tell(
    warn,
    rest => `${name} lists ${rest} more ${member} that are left out because they break the specification`,
  )
  if (entries.length > clientLimits.listEntries) {
    warn(`${name} lists more than ${clientLimits.listEntries} ${member}; the rest is left out`)
  }
  return sound
}

const called = (entry: unknown): string =>
  isObject(entry) && typeof entry['name'] === 'string' ? JSON.stringify(clip(entry['name'])) : 'without a name'

const broken = (message: string): ProtocolError => new ProtocolError(code.internalError, message)
