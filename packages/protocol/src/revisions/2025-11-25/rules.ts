import type { LoweringRule } from '../lowering-rule.ts'

/** What `lower.ts` does, in words. */
export const rules: readonly LoweringRule[] = [
  {
    rows: ['results tools/call', 'requests sampling/createMessage'],
    about: ['structuredList'],
    how: 'the value becomes the member `result` of an object',
  },
  {
    rows: ['results tools/list', 'requests sampling/createMessage'],
    about: ['outputSchemaAny'],
    how: 'the schema becomes that of an object with the member `result`; `true` and `false` as schemas are written out',
  },
  {
    rows: ['requests elicitation/create'],
    about: ['pageId'],
    how: 'a page gets an `elicitationId` where it has none',
  },
  {
    rows: ['capabilities'],
    about: ['tasksCapability'],
    how: 'the tasks extension is announced as the capability `tasks`',
  },
]
