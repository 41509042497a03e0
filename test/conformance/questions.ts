import { jsonSchema } from '@interlock/json-schema'
import { type InteractiveContext, type ToolDefinition, text, tool } from '@interlock/server'
import { strings } from './strings.ts'

const message = (words: string) => ({ role: 'user' as const, content: text(words) })
const confirmation = jsonSchema({ type: 'object', properties: { ok: { type: 'boolean' } }, required: ['ok'] })

const options = ['option1', 'option2', 'option3']
const titled = [1, 2, 3].map(n => ({ const: `value${n}`, title: `Option ${n}` }))

/** Tools that ask their client, in the form that revisions with sessions have for it. */
export const questionTools: readonly ToolDefinition[] = [
  tool(
    'test_sampling',
    { description: 'Asks the model of its client.', input: strings('prompt') },
    async ({ prompt }, ctx) => {
      const { content } = await ctx.sample({ messages: [message(String(prompt))], maxTokens: 100 })
      return `LLM response: ${JSON.stringify(content)}`
    },
  ),
  tool('test_elicitation', { description: 'Asks the user.', input: strings('message') }, async (args, ctx) => {
    const schema = strings('username', 'email')
    return `User response: ${JSON.stringify(await ctx.elicit({ message: String(args.message), schema }))}`
  }),
  tool('test_elicitation_sep1034_defaults', { description: 'Asks with defaults of every type.' }, async (_, ctx) => {
    const schema = {
      type: 'object',
      properties: {
        name: { type: 'string', default: 'John Doe' },
        age: { type: 'integer', default: 30 },
        score: { type: 'number', default: 95.5 },
        status: { type: 'string', enum: ['active', 'inactive', 'pending'], default: 'active' },
        verified: { type: 'boolean', default: true },
      },
      required: [],
    }
    return `Elicitation completed: ${JSON.stringify(await ctx.elicit({ message: 'Please review', schema }))}`
  }),
  tool('test_elicitation_sep1330_enums', { description: 'Asks for choices in all five forms.' }, async (_, ctx) => {
    const schema = {
      type: 'object',
      properties: {
        untitledSingle: { type: 'string', enum: options },
        titledSingle: { type: 'string', oneOf: titled },
        legacyEnum: { type: 'string', enum: ['opt1', 'opt2', 'opt3'], enumNames: ['Option 1', 'Option 2', 'Option 3'] },
        untitledMulti: { type: 'array', items: { type: 'string', enum: options } },
        titledMulti: { type: 'array', items: { anyOf: titled } },
      },
      required: [],
    }
    return `Elicitation completed: ${JSON.stringify(await ctx.elicit({ message: 'Please choose', schema }))}`
  }),
  tool('test_missing_capability', { description: 'Needs a client with a model.' }, async (_, ctx) => {
    const { model } = await ctx.sample({ messages: [message('Hello')], maxTokens: 10 })
    return model
  }),
  tool('test_streaming_elicitation', { description: 'Asks the user, in a result.' }, async (_, ctx) => {
    const { action } = await ctx.elicit({ message: 'Go on?', schema: confirmation })
    return action
  }),
]

const nameOf = async (ctx: InteractiveContext, key: string): Promise<string> => {
  const answer = await ctx.elicit(key, { message: 'What is your name?', schema: strings('name') })
  return answer.action === 'accept' ? String(answer.content.name) : 'stranger'
}

const confirmed = async (ctx: InteractiveContext): Promise<string> =>
  (await ctx.elicit('confirm', { message: 'Are you sure?', schema: confirmation })).action

/** Tools that take several rounds where there are no sessions (Multi Round-Trip Requests). */
export const rounds: readonly ToolDefinition[] = [
  tool(
    'test_input_required_result_elicitation',
    { description: 'Asks for a name.' },
    async (_, ctx) => `Hello, ${await nameOf(ctx, 'user_name')}!`,
  ),
  tool('test_input_required_result_sampling', { description: 'Asks the model.' }, async (_, ctx) => {
    const request = { messages: [message('What is the capital of France?')], maxTokens: 100 }
    return JSON.stringify((await ctx.sample('capital_question', request)).content)
  }),
  tool('test_input_required_result_list_roots', { description: 'Asks for the roots.' }, async (_, ctx) =>
    (await ctx.roots()).map(({ uri }) => uri).join(' '),
  ),
  tool(
    'test_input_required_result_request_state',
    { description: 'Remembers where it was.' },
    async (_, ctx) => `state-ok ${await confirmed(ctx)}`,
  ),
  tool(
    'test_input_required_result_multiple_inputs',
    { description: 'Asks three questions at once.' },
    async (_, ctx) => {
      const request = { messages: [message('Greet the user')], maxTokens: 50 }
      const [name, greeting, roots] = await Promise.all([
        nameOf(ctx, 'user_name'),
        ctx.sample('greeting', request),
        ctx.roots(),
      ])
      return `${name} ${greeting.model} ${roots.length}`
    },
  ),
  tool('test_input_required_result_multi_round', { description: 'Asks twice.' }, async (_, ctx) => {
    const name = await nameOf(ctx, 'step1')
    const answer = await ctx.elicit('step2', { message: `Your favourite colour, ${name}?`, schema: strings('color') })
    return answer.action === 'accept' ? `${name} likes ${String(answer.content.color)}` : `${name} likes none`
  }),
  tool('test_input_required_result_tampered_state', { description: 'Trusts no state but its own.' }, async (_, ctx) =>
    confirmed(ctx),
  ),
  tool('test_input_required_result_capabilities', { description: 'Asks whom it can.' }, async (_, ctx) => {
    const request = { messages: [message('Hello')], maxTokens: 10 }
    return (await ctx.sample('greeting', request)).model
  }),
]
