import {
  clip,
  code,
  complete,
  isObject,
  type MirroredParameter,
  mirroredParameters,
  mirroredValue,
  type Outcome,
  type Params,
  type Reply,
} from '@interlock/protocol'
import { encodeHeaderValue } from '@interlock/transport'
import { Complaints } from '../../complaints.ts'
import { clientLimits } from '../../limits.ts'
import type { Answering } from '../../results.ts'

/** Remembers from each tool list which parameters go into headers, and leaves out tools that say it wrongly. */
export class MirroredParameters {
  readonly #byTool = new Map<string, readonly MirroredParameter[]>()
  readonly #answering: Answering

  constructor(answering: Answering) {
    this.#answering = answering
  }

  addTo(headers: Record<string, string>, method: string, params: Params): Record<string, string> {
    const parameters = method === 'tools/call' ? this.#byTool.get(String(params['name'])) : undefined
    return parameters === undefined ? headers : { ...headers, ...mirrored(parameters, params['arguments']) }
  }

  /** Whether the server missed a header, so that the list must be read again. */
  isStale(method: string, reply: Reply): boolean {
    const { response } = reply
    return method === 'tools/call' && 'error' in response && response.error.code === code.headerMismatch
  }

  learn(method: string, params: Params, outcome: Outcome): Outcome {
    if (method !== 'tools/list' || outcome.kind !== 'complete') return outcome
    const { tools } = outcome.result as { tools?: unknown } // a result that is RawJson has none
    if (!Array.isArray(tools)) return outcome
    if (params['cursor'] === undefined) this.#byTool.clear()
    const complaints = new Complaints()
    const sound = tools.filter(tool => this.#isSound(tool, complaints))
    if (sound.length === tools.length) return outcome
    const { name, warn } = this.#answering
    complaints.tell(warn, rest => `${name} lists ${rest} more tools that are left out for their headers`)
    return complete({ ...outcome.result, tools: sound }, outcome.cache)
  }

  #isSound(tool: unknown, complaints: Complaints): boolean {
    if (!isObject(tool)) return false
    const name = String(tool['name'])
    const found = mirroredParameters(tool['inputSchema'])
    if (found.kind === 'broken') {
      complaints.add(() => `${this.#answering.name} lists a tool "${clip(name)}" that is left out: ${found.reason}`)
      return false
    }
    const isRoom = this.#byTool.size < clientLimits.listEntries
    if (found.parameters.length > 0 && isRoom) this.#byTool.set(name, found.parameters)
    return true
  }
}

/** The headers for one call: a parameter that is absent or null has none. */
export function mirrored(parameters: readonly MirroredParameter[], args: unknown): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const parameter of parameters) {
    const value = mirroredValue(parameter, args)
    if (typeof value === 'string' || typeof value === 'boolean' || Number.isSafeInteger(value)) {
      headers[parameter.header] = encodeHeaderValue(String(value))
    }
  }
  return headers
}
