import { jsonSchema } from '@interlock/json-schema'
import { type ToolDefinition, tool } from '@interlock/server'
import type { Area } from '../area.ts'
import { fileInfo } from '../file-info.ts'
import { kind, path, reads, telling } from './shared.ts'

const input = jsonSchema({ type: 'object', properties: { path }, required: ['path'], additionalProperties: false })

const time = { type: 'string', description: 'ISO 8601, UTC.' } as const

const output = jsonSchema({
  type: 'object',
  properties: {
    path: { type: 'string' },
    kind,
    size: { type: 'integer' },
    modified: time,
    created: time,
    accessed: time,
    permissions: { type: 'string', description: 'As ls prints them: rw-r--r--' },
    link_target: { type: ['string', 'null'], description: 'null: outside the allowed folders, or nothing is there.' },
  },
  required: ['path', 'kind', 'size', 'modified', 'created', 'accessed', 'permissions'],
})

export const fileInfoTool = (area: Area): ToolDefinition =>
  tool(
    'file_info',
    {
      title: 'File details',
      description: 'Tells kind, size, times and permissions of a file or folder, and where a link leads.',
      input,
      output,
      annotations: reads,
    },
    args =>
      telling(async () => {
        const { linkTarget, ...info } = await fileInfo(area, args.path)
        return linkTarget === undefined ? info : { ...info, link_target: linkTarget }
      }),
  )
