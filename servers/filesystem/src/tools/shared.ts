import { ToolError } from '@interlock/server'
import { Refusal } from '../refusal.ts'

/** Schema of a path as tools take it. */
export const path = {
  type: 'string',
  minLength: 1,
  maxLength: 4096,
  description: 'Absolute, or relative to the first allowed folder.',
} as const

/** Schema of what an entry of a folder can be. */
export const kind = { enum: ['file', 'folder', 'link', 'other'] } as const

/** Annotations of tools that change nothing. */
export const reads = { readOnlyHint: true, openWorldHint: false } as const

/** Passes refusals on to the model; the framework keeps every other error from it. */
export async function telling<Answer>(work: () => Promise<Answer>): Promise<Answer> {
  try {
    return await work()
  } catch (error) {
    throw error instanceof Refusal ? new ToolError(error.message, { cause: error }) : error
  }
}
