import type { InputRequest, Peer } from './call.ts'
import { clip, code, ProtocolError } from './jsonrpc/error.ts'
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
 * @throws MissingCapability (−32021) when the client has not declared that it can answer this, or its revision cannot ask it
 * (specification: Base Protocol, Per-request protocol fields)
 */
export function requireCapability(peer: Peer, request: InputRequest): void {
  const missing = missingCapability(peer, request)
  if (missing !== undefined) throw new MissingCapability(missing, request)
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

function missingCapability(peer: Peer, { method, params }: InputRequest): Record<string, object> | undefined {
  const { capabilities, revision } = peer
  switch (method) {
    case 'elicitation/create': {
      const declared = capabilities.elicitation
      if (params?.['mode'] === 'url') {
        const can = revision.features.elicitation === 'form+url' && isObject(declared?.url)
        return can ? undefined : { elicitation: { url: {} } }
      }
      // A client that names no mode means forms (specification: Elicitation, Capabilities).
      const can = declared !== undefined && (declared.form !== undefined || declared.url === undefined)
      return can && revision.features.elicitation !== 'none' ? undefined : { elicitation: { form: {} } }
    }
    case 'sampling/createMessage':
      if (capabilities.sampling === undefined) return { sampling: {} }
      if (params?.['tools'] === undefined && params?.['toolChoice'] === undefined) return undefined
      return revision.features.samplingTools && isObject(capabilities.sampling.tools)
        ? undefined
        : { sampling: { tools: {} } }
    case 'roots/list':
      return capabilities.roots === undefined ? { roots: {} } : undefined
  }
}
