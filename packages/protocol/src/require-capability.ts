import type { InputRequest, Peer } from './call.ts'
import { code, ProtocolError } from './jsonrpc/error.ts'
import { isObject } from './jsonrpc/parse.ts'

/** The client has not declared that it can do what a call needs of it. */
export class MissingCapability extends ProtocolError {
  /** What it would have to declare. */
  readonly required: Readonly<Record<string, object>>

  constructor(required: Readonly<Record<string, object>>) {
    super(
      code.missingCapability,
      `The client does not support ${Object.keys(required).join()}, which this call needs`,
      { requiredCapabilities: required },
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
  if (missing !== undefined) throw new MissingCapability(missing)
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
