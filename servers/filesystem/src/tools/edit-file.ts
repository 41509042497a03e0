import { jsonSchema } from '@interlock/json-schema'
import { type ToolDefinition, text, tool } from '@interlock/server'
import type { Area } from '../area.ts'
import { editFile } from '../edit-file.ts'
import { path, telling } from './shared.ts'

const input = jsonSchema({
  type: 'object',
  properties: {
    path,
    edits: {
      type: 'array',
      minItems: 1,
      maxItems: 200,
      description: 'Made in order, each on the result of those before it; all or none.',
      items: {
        type: 'object',
        properties: {
          old_text: { type: 'string', minLength: 1, description: 'Text that occurs exactly once, spaces included.' },
          new_text: { type: 'string', description: 'What takes its place.' },
          replace_all: { type: 'boolean', description: 'Replace every occurrence. Default: false.' },
        },
        required: ['old_text', 'new_text'],
        additionalProperties: false,
      },
    },
    dry_run: { type: 'boolean', description: 'Only show what would change. Default: false.' },
  },
  required: ['path', 'edits'],
  additionalProperties: false,
})

export const editFileTool = (area: Area): ToolDefinition =>
  tool(
    'edit_file',
    {
      title: 'Edit file',
      description:
        'Replaces exact pieces of a text file and answers with a unified diff. Line endings are kept. Read the file ' +
        'first and copy the text to replace from it.',
      input,
      annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: false },
    },
    args =>
      telling(async () => {
        const edits = args.edits.map(edit => ({
          oldText: edit.old_text,
          newText: edit.new_text,
          replaceAll: edit.replace_all,
        }))
        const { written, diff } = await editFile(area, { path: args.path, edits, dryRun: args.dry_run })
        const unchanged = 'nothing to change: the file already has this content'
        return { content: [text(diff === '' ? unchanged : written ? diff : `${diff}[dry run: nothing was written]\n`)] }
      }),
  )
