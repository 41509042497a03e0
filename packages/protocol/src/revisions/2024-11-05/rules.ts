import type { LoweringRule } from '../lowering-rule.ts'

/** What `lower.ts` does, in words. */
export const rules: readonly LoweringRule[] = [
  {
    rows: [
      'results tools/call',
      'results prompts/get',
      'results sampling/createMessage',
      'requests sampling/createMessage',
    ],
    about: ['audio', 'promptContent'],
    how: 'audio becomes a text that says which type of it was left out',
  },
  {
    rows: ['results tools/list'],
    about: ['toolAnnotations', 'toolTitle'],
    how: 'annotations are left out',
  },
  {
    rows: ['notifications notifications/progress'],
    about: ['progressMessage'],
    how: 'the message is left out; the numbers stay',
  },
  {
    rows: ['capabilities'],
    about: ['completionsCapability'],
    how: 'not announced; `completion/complete` is there all the same',
  },
]
