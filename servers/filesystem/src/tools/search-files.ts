import { jsonSchema } from '@interlock/json-schema'
import { type ToolDefinition, text, tool } from '@interlock/server'
import type { Area } from '../area.ts'
import { printedMatches, searchFiles } from '../search-files.ts'
import { kind, path, reads, telling } from './shared.ts'

const input = jsonSchema({
  type: 'object',
  properties: {
    path: { ...path, description: 'Folder to search. Default: every allowed folder.' },
    glob: {
      type: 'string',
      minLength: 1,
      maxLength: 1000,
      description: 'Names to find: "*.ts" anywhere, "src/**/*.test.ts" from the folder down; also ? [a-z] {a,b}.',
    },
    text: {
      type: 'string',
      minLength: 1,
      maxLength: 1000,
      description: 'Text to find in contents, taken as it stands (no regular expression).',
    },
    ignore_case: { type: 'boolean', description: 'Find text in capital and small letters alike. Default: false.' },
    everywhere: { type: 'boolean', description: 'Also search .git and node_modules. Default: false.' },
  },
  additionalProperties: false,
})

const output = jsonSchema({
  type: 'object',
  properties: {
    matches: {
      type: 'array',
      items: {
        type: 'object',
        properties: { path: { type: 'string' }, kind, line: { type: 'integer' }, text: { type: 'string' } },
        required: ['path', 'kind'],
      },
    },
    stopped_by: {
      enum: ['results', 'entries', 'time', 'bytes'],
      description: 'The limit that ended the search early.',
    },
    skipped: { type: 'integer', description: 'Files and folders too large, too deep or not readable.' },
  },
  required: ['matches', 'skipped'],
})

export const searchFilesTool = (area: Area): ToolDefinition =>
  tool(
    'search_files',
    {
      title: 'Search files',
      description:
        'Finds files and folders by name (glob), lines by text in them, or lines in the files a glob names. ' +
        'Skips .git and node_modules unless asked.',
      input,
      output,
      annotations: reads,
    },
    ({ ignore_case: ignoreCase, ...what }, ctx) =>
      telling(async () => {
        const progress = (entries: number): void => ctx.progress(entries, undefined, `${entries} entries searched`)
        const answer = await searchFiles(area, { ...what, ignoreCase }, { signal: ctx.signal, progress })
        const { stoppedBy, ...found } = answer
        const structuredContent = { ...found, ...(stoppedBy !== undefined && { stopped_by: stoppedBy }) }
        return { content: [text(printedMatches(answer))], structuredContent }
      }),
  )
