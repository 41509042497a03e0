import type { InputRequest, Peer } from './call.ts'
import { clip, code, ProtocolError } from './jsonrpc/error.ts'
import type { Params } from './jsonrpc/message.ts'
import { isObject } from './jsonrpc/parse.ts'
import type { ClientCapabilities } from './model/index.ts'
import type { Revision } from './revision.ts'

/** The client has not declared that it can do what a call needs of it. */
export class MissingCapability extends ProtocolError {
  /** What it would have to declare. */
  readonly required: Readonly<Record<string, object>>

  /** @param request what it was to be asked, so that whoever called learns how to go on */
  constructor(required: Readonly<Record<string, object>>, request?: InputRequest) {
    const page = request === undefined ? undefined : pageOf(request)
    super(
      code.missingCapability,
      `The client does not support ${wordsFor(required)}, which this call needs: ${page === undefined ? declare(required) : `open ${clip(page.url, 2048)} by hand, then call again`}`,
      { requiredCapabilities: required, ...(page === undefined ? {} : { elicitations: [page] }) },
    )
    this.name = 'MissingCapability'
    this.required = required
  }
}

/**
 * The question as the client may be asked it: without the wish for the context of servers where it has not declared that
 * it gives that.
 * @throws MissingCapability (−32021) when the client has not declared that it can answer this, or its revision cannot ask it
 * (specification: Base Protocol, Per-request protocol fields)
 */
export function requireCapability(peer: Peer, request: InputRequest): InputRequest {
  const missing = missingCapability(peer, request)
  if (missing !== undefined) throw new MissingCapability(missing, request)
  return request.method === 'sampling/createMessage' ? withoutContext(peer, request) : request
}

/** `elicitation (url)`, `sampling`. */
const wordsFor = (required: Readonly<Record<string, object>>): string =>
  Object.entries(required)
    .map(([name, parts]) => [name, ...Object.keys(parts).map(part => `(${part})`)].join(' '))
    .join(', ')

const declare = (required: Readonly<Record<string, object>>): string =>
  `use a client that declares ${Object.keys(required)
    .map(name => `"${name}"`)
    .join(', ')}, or another way to do it`

/** The page that a question would send the user to. A person can be told of it in other ways. */
function pageOf({ method, params = {} }: InputRequest): { mode: 'url'; url: string; message: string } | undefined {
  const { mode, url, message } = params
  if (method !== 'elicitation/create' || mode !== 'url' || typeof url !== 'string') return undefined
  return { mode, url, message: String(message ?? '') }
}

/** What a client says that refuses a question which it cannot answer: it has no such method, or not this form of it. */
export const refusedQuestion = (request: InputRequest): MissingCapability =>
  new MissingCapability(needOf(request), request)

/** What a client declared, as far as its revision has it: the rest it cannot be asked for. */
export function expressible(capabilities: ClientCapabilities, { features }: Revision): ClientCapabilities {
  const { elicitation, sampling, ...others } = capabilities
  const { url: _, ...form } = elicitation ?? {}
  const { tools: __, ...plain } = sampling ?? {}
  const asks = features.elicitation === 'form+url' ? elicitation : elicitation && form
  return {
    ...others,
    ...(asks === undefined || features.elicitation === 'none' ? {} : { elicitation: asks }),
    ...(sampling === undefined ? {} : { sampling: features.samplingTools ? sampling : plain }),
  }
}

function needOf({ method, params }: InputRequest): Record<string, object> {
  switch (method) {
    case 'elicitation/create':
      return { elicitation: params?.['mode'] === 'url' ? { url: {} } : { form: {} } }
    case 'sampling/createMessage':
      return { sampling: params?.['tools'] === undefined ? {} : { tools: {} } }
    case 'roots/list':
      return { roots: {} }
  }
}

type Needs = Record<string, object>

function missingCapability(peer: Peer, { method, params = {} }: InputRequest): Needs | undefined {
  switch (method) {
    case 'elicitation/create':
      return params['mode'] === 'url' ? missingForPage(peer) : missingForForm(peer)
    case 'sampling/createMessage':
      return missingForSampling(peer, params)
    case 'roots/list':
      return peer.capabilities.roots === undefined ? { roots: {} } : undefined
  }
}

function missingForPage({ capabilities, revision }: Peer): Needs | undefined {
  const can = revision.features.elicitation === 'form+url' && isObject(capabilities.elicitation?.url)
  return can ? undefined : { elicitation: { url: {} } }
}

/** A client that names no mode means forms (specification: Elicitation, Capabilities). */
function missingForForm({ capabilities: { elicitation }, revision }: Peer): Needs | undefined {
  const declared = elicitation !== undefined && (elicitation.form !== undefined || elicitation.url === undefined)
  return declared && revision.features.elicitation !== 'none' ? undefined : { elicitation: { form: {} } }
}

function missingForSampling({ capabilities: { sampling }, revision }: Peer, params: Params): Needs | undefined {
  if (sampling === undefined) return { sampling: {} }
  const wantsTools = params['tools'] !== undefined || params['toolChoice'] !== undefined
  const can = revision.features.samplingTools && isObject(sampling.tools)
  return wantsTools && !can ? { sampling: { tools: {} } } : undefined
}

/** What other servers say is a wish that clients need not fulfil, for those that say they might (Sampling, Capabilities). */
function withoutContext({ capabilities, revision }: Peer, request: InputRequest): InputRequest {
  const { includeContext, ...params } = request.params ?? {}
  const mayAsk = !revision.features.samplingTools || capabilities.sampling?.context !== undefined
  if (mayAsk || includeContext === undefined || includeContext === 'none') return request
  return { ...request, params }
}
