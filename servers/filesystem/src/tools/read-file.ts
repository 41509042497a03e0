import { jsonSchema } from '@interlock/json-schema'
import { audio, image, type ToolDefinition, text, tool } from '@interlock/server'
import type { Area } from '../area.ts'
import { readFile } from '../read-file.ts'
import { path, reads, telling } from './shared.ts'

const input = jsonSchema({
  type: 'object',
  properties: {
    path,
    offset: {
      type: 'integer',
      description: 'First line, counted from 1. Negative: that many lines from the end.',
    },
    limit: { type: 'integer', minimum: 1, description: 'Number of lines at most.' },
    from_byte: {
      type: 'integer',
      minimum: 0,
      maximum: Number.MAX_SAFE_INTEGER,
      description: 'First byte, instead of offset. Use the number given by an answer that was cut.',
    },
  },
  required: ['path'],
  additionalProperties: false,
})

export const readFileTool = (area: Area): ToolDefinition =>
  tool(
    'read_file',
    {
      title: 'Read file',
      description:
        'Reads a text file (UTF-8), whole or some of its lines, or an image or sound. A long answer is cut and says ' +
        'how to get the rest.',
      input,
      annotations: reads,
    },
    ({ from_byte: fromByte, ...lines }, ctx) =>
      telling(async () => {
        const answer = await readFile(area, { ...lines, fromByte }, ctx.signal)
        if (answer.kind === 'text') return { content: [answer.text, answer.note ?? []].flat().map(text) }
        return { content: [(answer.kind === 'image' ? image : audio)(answer.data, answer.mimeType)] }
      }),
  )
