import { jsonSchema } from '@interlock/json-schema'
import {
  embed,
  image,
  type PromptDefinition,
  prompt,
  type ResourceDefinition,
  resource,
  type TemplateDefinition,
  template,
} from '@interlock/server'
import { square } from './media.ts'
import { strings } from './strings.ts'

export const resources: readonly (ResourceDefinition | TemplateDefinition)[] = [
  resource(
    'test://static-text',
    { name: 'static text', description: 'Text that stays the same.', mimeType: 'text/plain' },
    () => 'This is the content of the static text resource.',
  ),
  resource(
    'test://static-binary',
    { name: 'static binary', description: 'An image that stays the same.', mimeType: 'image/png' },
    () => Buffer.from(square, 'base64'),
  ),
  resource(
    'test://watched-resource',
    { name: 'watched resource', description: 'Can be watched.', mimeType: 'text/plain' },
    () => 'watched',
  ),
  template(
    'test://template/{id}/data',
    { name: 'template', description: 'Data by id.', mimeType: 'application/json' },
    ({ id }) => ({ id, templateTest: true }),
  ),
]

const question = jsonSchema({ type: 'object', properties: { context: { type: 'string' } }, required: ['context'] })

export const prompts: readonly PromptDefinition[] = [
  prompt('test_simple_prompt', { description: 'Takes no arguments.' }, () => 'This is a simple prompt for testing.'),
  prompt(
    'test_prompt_with_arguments',
    {
      description: 'Takes two arguments.',
      arguments: strings('arg1', 'arg2'),
      complete: { arg1: value => ['paris', 'park', 'party'].filter(known => known.startsWith(value)) },
    },
    ({ arg1, arg2 }) => `Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`,
  ),
  prompt(
    'test_prompt_with_embedded_resource',
    { description: 'Holds a resource.', arguments: strings('resourceUri') },
    ({ resourceUri }) => [
      embed(String(resourceUri), 'Embedded resource content for testing.', 'text/plain'),
      'Please process the embedded resource above.',
    ],
  ),
  prompt('test_prompt_with_image', { description: 'Holds an image.' }, () => [
    image(square, 'image/png'),
    'Please analyze the image above.',
  ]),
  prompt('test_input_required_result_prompt', { description: 'Asks for its context.' }, async (_, ctx) => {
    const answer = await ctx.elicit('user_context', { message: 'What is it about?', schema: question })
    return answer.action === 'accept' ? `About ${String(answer.content.context)}` : 'About nothing'
  }),
]
