import { isObject, type Outcome, type Params } from '@interlock/protocol'
import { taskLimits } from './limits.ts'

/** What a tool says of tasks in revision 2025-11-25; a tool that says nothing runs as none. */
export type ToolTaskSupport = 'required' | 'optional' | 'forbidden'

const kinds: ReadonlySet<unknown> = new Set<ToolTaskSupport>(['required', 'optional', 'forbidden'])

const isSupport = (value: unknown): value is ToolTaskSupport => kinds.has(value)

/** Remembers from each tool list which tools run as tasks (specification 2025-11-25: Tasks, Tool-Level Negotiation). */
export class ToolSupport {
  readonly #byTool = new Map<string, ToolTaskSupport>()

  /** Undefined for a tool that was not listed. */
  of(tool: string): ToolTaskSupport | undefined {
    return this.#byTool.get(tool)
  }

  /** Takes note of a page of a list; the first one begins it anew. */
  learn(params: Params, outcome: Outcome): void {
    if (outcome.kind !== 'complete') return
    const { tools } = outcome.result as { tools?: unknown } // a list that was checked
    if (params['cursor'] === undefined) this.#byTool.clear()
    for (const tool of Array.isArray(tools) ? tools : []) {
      if (!isObject(tool) || typeof tool['name'] !== 'string' || this.#byTool.size >= taskLimits.tools) continue
      const support = isObject(tool['execution']) ? tool['execution']['taskSupport'] : undefined
      this.#byTool.set(tool['name'], isSupport(support) ? support : 'forbidden')
    }
  }
}
