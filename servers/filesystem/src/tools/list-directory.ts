import { jsonSchema } from '@interlock/json-schema'
import { type ToolDefinition, text, tool } from '@interlock/server'
import { type Area, allowedSentence } from '../area.ts'
import { listDirectory, printedListing } from '../list-directory.ts'
import { kind, path, reads, telling } from './shared.ts'

const input = jsonSchema({
  type: 'object',
  properties: { path: { ...path, description: `${path.description} Default: the first allowed folder.` } },
  additionalProperties: false,
})

const output = jsonSchema({
  type: 'object',
  properties: {
    path: { type: 'string' },
    entries: {
      type: 'array',
      items: {
        type: 'object',
        properties: { name: { type: 'string' }, kind, size: { type: 'integer', description: 'Bytes; of files only.' } },
        required: ['name', 'kind'],
      },
    },
    omitted: { type: 'integer', description: 'Entries that exist beyond those listed, at least.' },
  },
  required: ['path', 'entries'],
})

export const listDirectoryTool = (area: Area): ToolDefinition =>
  tool(
    'list_directory',
    {
      title: 'List folder',
      description: `Lists names, kinds and sizes of what is in a folder. Folders ${allowedSentence(area.folders)}.`,
      input,
      output,
      annotations: reads,
    },
    ({ path: folder = '.' }, ctx) =>
      telling(async () => {
        const listing = await listDirectory(area, folder, ctx.signal)
        return { content: [text(printedListing(listing))], structuredContent: { ...listing } }
      }),
  )
