import { setTimeout } from 'node:timers/promises'
import { jsonSchema } from '@interlock/json-schema'
import { audio, embed, image, type ToolDefinition, ToolError, text, tool } from '@interlock/server'
import { silence, square } from './media.ts'

/** Tools that show what a result may hold, and what may happen on the way to it. */
export const contentTools: readonly ToolDefinition[] = [
  tool('test_simple_text', { description: 'Answers with text.' }, () => 'This is a simple text response.'),
  tool('test_image_content', { description: 'Answers with an image.' }, () => image(square, 'image/png')),
  tool('test_audio_content', { description: 'Answers with sound.' }, () => audio(silence, 'audio/wav')),
  tool('test_embedded_resource', { description: 'Answers with a resource.' }, () =>
    embed('test://embedded-resource', 'This is an embedded resource.', 'text/plain'),
  ),
  tool('test_multiple_content_types', { description: 'Answers with text, an image and a resource.' }, () => [
    text('Several kinds of content:'),
    image(square, 'image/png'),
    embed('test://mixed-content-resource', '{"test":"data"}', 'application/json'),
  ]),
  tool('test_error_handling', { description: 'Always fails.' }, () => {
    throw new ToolError('This tool always fails, on purpose')
  }),
  tool('test_tool_with_progress', { description: 'Says how far it has come.' }, async (_, ctx) => {
    for (const progress of [0, 50, 100]) {
      ctx.progress(progress, 100, `${progress} of 100`)
      await setTimeout(50)
    }
    return 'done'
  }),
  tool('test_tool_with_logging', { description: 'Writes to the log of its client.' }, async (_, ctx) => {
    for (const step of ['started', 'working', 'done']) {
      ctx.log('info', step)
      await setTimeout(50)
    }
    return 'done'
  }),
  tool('test_logging_tool', { description: 'Logs for clients that want it.' }, (_, ctx) => {
    ctx.log('info', 'called')
    return 'done'
  }),
  tool(
    'json_schema_2020_12_tool',
    {
      description: 'Has a schema with much of JSON Schema 2020-12 in it.',
      input: jsonSchema({
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        type: 'object',
        $defs: {
          address: {
            $anchor: 'addressDef',
            type: 'object',
            properties: { street: { type: 'string' }, city: { type: 'string' } },
          },
        },
        properties: {
          name: { type: 'string' },
          address: { $ref: '#/$defs/address' },
          contactMethod: { type: 'string', enum: ['phone', 'email'] },
          phone: { type: 'string' },
          email: { type: 'string' },
        },
        allOf: [{ anyOf: [{ required: ['phone'] }, { required: ['email'] }] }],
        if: { properties: { contactMethod: { const: 'phone' } }, required: ['contactMethod'] },
        // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
        ['then']: { required: ['phone'] },
        else: { required: ['email'] },
        additionalProperties: false,
      }),
    },
    args => JSON.stringify(args),
  ),
]
