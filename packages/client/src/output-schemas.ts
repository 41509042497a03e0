import {
  type CallToolResult,
  type Change,
  clip,
  code,
  isObject,
  type Params,
  ProtocolError,
  type Revision,
} from '@interlock/protocol'
import { clientLimits } from './limits.ts'
import type { Answering } from './results.ts'
import { type ValueCheck, valueCheck } from './schema/check.ts'

/**
 * A tool answered, but not as its `outputSchema` promises. The call has had its effect; what it gave is in `result`, for
 * whoever wants it all the same.
 */
export class OutputMismatch extends ProtocolError {
  readonly tool: string
  readonly result: CallToolResult

  constructor(tool: string, result: CallToolResult, message: string) {
    super(code.internalError, message)
    this.name = 'OutputMismatch'
    this.tool = tool
    this.result = result
  }
}

interface Promised {
  readonly check: ValueCheck
  isWarned: boolean
}

/**
 * Remembers from each tool list what its tools promise to answer, and holds them to it (specification: Tools, Output
 * Schema). A check that would take too long is not made, which is warned of once: the server gains nothing that it could
 * not have by promising nothing.
 */
export class OutputSchemas {
  readonly #byTool = new Map<string, Promised>()
  readonly #answering: Answering

  constructor(answering: Answering) {
    this.#answering = answering
  }

  /**
   * Takes note of a list of tools, and judges what a tool answered.
   * @throws OutputMismatch when that is not what the tool promised
   */
  judge(method: string, params: Params, result: object, { features }: Revision): void {
    if (features.structuredContent === 'none') return
    if (method === 'tools/list') this.#learn(params, result)
    // The revision's check has accepted it as the result of this method.
    else if (method === 'tools/call') this.#check(params, result as CallToolResult)
  }

  /** What tools promise may have changed. */
  invalidate({ kind }: Change): void {
    if (kind === 'tools') this.clear()
  }

  clear(): void {
    this.#byTool.clear()
  }

  /** One list may come in pages. */
  #learn(params: Params, { tools }: { readonly tools?: unknown }): void {
    if (params['cursor'] === undefined) this.#byTool.clear()
    if (!Array.isArray(tools)) return
    for (const tool of tools) {
      if (!isObject(tool) || typeof tool['name'] !== 'string') continue
      const { name, outputSchema } = tool
      if (outputSchema === undefined) this.#byTool.delete(name)
      else if (this.#byTool.size < clientLimits.listEntries) {
        this.#byTool.set(name, { check: valueCheck(outputSchema), isWarned: false })
      }
    }
  }

  #check(params: Params, result: CallToolResult): void {
    const tool = String(params['name'])
    const promised = this.#byTool.get(tool)
    // A call that failed says so in words.
    if (promised === undefined || result.isError === true) return
    const called = `${this.#answering.name} answered tools/call of ${JSON.stringify(clip(tool))}`
    if (result.structuredContent === undefined) {
      throw new OutputMismatch(tool, result, `${called} without structuredContent, which its outputSchema promises`)
    }
    const verdict = promised.check(result.structuredContent, 'structuredContent')
    switch (verdict.kind) {
      case 'fits':
        return
      case 'faulty':
        throw new OutputMismatch(tool, result, `${called} against its outputSchema: ${verdict.says}`)
      case 'unusable':
        throw new OutputMismatch(tool, result, `${called} under an outputSchema that nobody can use: ${verdict.reason}`)
      case 'undecided':
        if (promised.isWarned) return
        promised.isWarned = true
        this.#answering.warn(`${called} unchecked against its outputSchema: ${verdict.reason}`)
    }
  }
}
