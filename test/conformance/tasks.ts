import { setTimeout as pause } from 'node:timers/promises'
import { jsonSchema } from '@interlock/json-schema'
import { ProtocolError } from '@interlock/protocol'
import { type ToolDefinition, ToolError, tool } from '@interlock/server'

const named = jsonSchema({ type: 'object', properties: { name: { type: 'string' } }, required: ['name'] })
const job = jsonSchema({
  type: 'object',
  properties: { seconds: { type: 'number' }, label: { type: 'string' } },
  required: ['seconds'],
})
const file = jsonSchema({ type: 'object', properties: { filename: { type: 'string' } }, required: ['filename'] })
const sure = jsonSchema({ type: 'object', properties: { confirm: { type: 'boolean' } }, required: ['confirm'] })

/** Tools whose work goes on as a task. */
export const taskTools: readonly ToolDefinition[] = [
  tool('greet', { description: 'Greets, at once.', input: named }, ({ name }) => `Hello, ${String(name)}!`),
  tool(
    'slow_compute',
    { description: 'Takes a while.', input: job, task: 'optional' },
    async ({ seconds, label }, ctx) => {
      await pause(Number(seconds) * 1000, undefined, { signal: ctx.signal })
      return `${String(label ?? 'work')} done after ${String(seconds)} s`
    },
  ),
  tool('failing_job', { description: 'Fails after a while, as a task only.', task: 'required' }, async (_, ctx) => {
    await pause(500, undefined, { signal: ctx.signal })
    throw new ToolError('The job failed, on purpose')
  }),
  tool(
    'protocol_error_job',
    { description: 'Ends with an error of the protocol.', task: 'optional' },
    async (_, ctx) => {
      await pause(200, undefined, { signal: ctx.signal })
      throw new ProtocolError(-32603, 'The job ended with an error, on purpose')
    },
  ),
  tool(
    'confirm_delete',
    { description: 'Asks before it acts.', input: file, task: 'optional' },
    async ({ filename }, ctx) => {
      const answer = await ctx.elicit('confirm', { message: `Delete ${String(filename)}?`, schema: sure })
      return answer.action === 'accept' && answer.content.confirm === true ? `Deleted ${String(filename)}` : 'Kept'
    },
  ),
  tool('multi_input', { description: 'Asks two questions at once.', task: 'optional' }, async (_, ctx) => {
    const ask = (key: string) => ctx.elicit(key, { message: `Your ${key}?`, schema: named })
    const answers = await Promise.all([ask('first'), ask('second')])
    return answers.map(({ action }) => action).join(' ')
  }),
  tool('test_tool_with_task', { description: 'Asks, and goes on as a task.', task: 'later' }, async (_, ctx) => {
    const answer = await ctx.elicit('user_name', { message: 'What is your name?', schema: named })
    const name = answer.action === 'accept' ? String(answer.content.name) : 'stranger'
    return ctx.task(async () => `Hello, ${name}!`)
  }),
]
