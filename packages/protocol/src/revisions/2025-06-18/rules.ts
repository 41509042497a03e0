import type { LoweringRule } from '../lowering-rule.ts'

/** What `lower.ts` does, in words. */
export const rules: readonly LoweringRule[] = [
  {
    rows: ['results tools/call', 'results prompts/get'],
    about: ['linkIcons', 'promptContent'],
    how: 'icons are left out',
  },
  {
    rows: ['results tools/list'],
    about: ['toolIcons'],
    how: 'icons, and whether a tool runs as a task, are left out',
  },
  {
    rows: ['results resources/list', 'results resources/templates/list', 'results prompts/list'],
    about: ['resourceIcons', 'templateIcons', 'promptIcons'],
    how: 'icons are left out',
  },
  {
    rows: ['results sampling/createMessage'],
    about: ['samplingBlocks'],
    how: 'several blocks of a generated message become one: its texts joined, or else its first block',
  },
  {
    rows: ['requests sampling/createMessage'],
    about: ['samplingMessages'],
    how: 'a message of several blocks becomes several messages; what tools did is told as text',
  },
  {
    rows: ['requests elicitation/create'],
    about: ['forms'],
    how: 'titles stand beside the choices (`enumNames`); several choices are asked for as a line of text',
  },
  {
    rows: ['info'],
    about: ['info'],
    how: 'icons, description and website of a program are left out',
  },
]
