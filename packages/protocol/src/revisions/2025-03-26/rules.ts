import type { LoweringRule } from '../lowering-rule.ts'

/** What `lower.ts` does, in words. */
export const rules: readonly LoweringRule[] = [
  {
    rows: ['results tools/call', 'results prompts/get'],
    about: ['link', 'linkIcons', 'promptContent'],
    how: 'a resource link becomes a text with its name, URI and description',
  },
  {
    rows: ['results tools/call'],
    about: ['structured', 'structuredList', 'structuredOnly'],
    how: 'the text that stands for structured content stays, or is made where there is none',
  },
  {
    rows: ['results tools/list'],
    about: ['toolTitle'],
    how: 'the title goes into the annotations',
  },
  {
    rows: ['results tools/list'],
    about: ['outputSchema', 'outputSchemaAny'],
    how: 'left out with the structured content that it describes',
  },
  {
    rows: ['results resources/list', 'results resources/templates/list', 'results prompts/list', 'info'],
    about: ['resourceTitle', 'templateTitle', 'promptTitle'],
    how: 'titles are left out; the name stays',
  },
]
