import { code, complete, isObject, type Outcome, type Params, type Reply } from '@interlock/protocol'
import type { Answering } from '../../results.ts'
import { type HeaderParameter, headerParameters, mirrored } from './header-parameters.ts'

/** Remembers from each tool list which parameters go into headers, and leaves out tools that say it wrongly. */
export class MirroredParameters {
  readonly #byTool = new Map<string, readonly HeaderParameter[]>()
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
    const sound = tools.filter(tool => this.#isSound(tool))
    if (sound.length === tools.length) return outcome
    return complete({ ...outcome.result, tools: sound }, outcome.cache)
  }

  #isSound(tool: unknown): boolean {
    if (!isObject(tool)) return false
    const name = String(tool['name'])
    const found = headerParameters(tool['inputSchema'])
    if (found.kind === 'sound') {
      if (found.parameters.length > 0) this.#byTool.set(name, found.parameters)
      return true
    }
    this.#answering.warn(`${this.#answering.name} lists a tool "${name}" that is left out: ${found.reason}`)
    return false
  }
}
