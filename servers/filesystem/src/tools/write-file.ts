import { jsonSchema } from '@interlock/json-schema'
import { type ToolDefinition, tool } from '@interlock/server'
import type { Area } from '../area.ts'
import { writeFile } from '../write-file.ts'
import { path, telling } from './shared.ts'

const input = jsonSchema({
  type: 'object',
  properties: {
    path,
    content: { type: 'string', description: 'The whole content of the file.' },
    create_folders: { type: 'boolean', description: 'Make missing folders on the way. Default: false.' },
  },
  required: ['path', 'content'],
  additionalProperties: false,
})

const output = jsonSchema({
  type: 'object',
  properties: { path: { type: 'string' }, bytes: { type: 'integer' }, created: { type: 'boolean' } },
  required: ['path', 'bytes', 'created'],
})

export const writeFileTool = (area: Area): ToolDefinition =>
  tool(
    'write_file',
    {
      title: 'Write file',
      description: 'Creates a text file, or replaces the whole content of one. To change a part, use edit_file.',
      input,
      output,
      annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
    },
    ({ create_folders: createFolders, ...what }) => telling(() => writeFile(area, { ...what, createFolders })),
  )
