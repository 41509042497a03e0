import { ProtocolError } from '@interlock/protocol'
import {
  type app,
  type InteractiveContext,
  prompt,
  resource,
  type Server,
  type ToolDefinition,
  ToolError,
  text,
  tool,
} from '@interlock/server'
import { z } from 'zod'
import { examples, listed } from '../../tools/bridge/examples.ts'
import type { Journal } from './journal.ts'
import { rawNames } from './raw-tools.ts'

const form = z.object({ day: z.enum(['Monday', 'Tuesday']), seats: z.number().default(2) })

/** What each server is asked to ask; the answers go into the result. */
const questions = {
  form: (ctx: InteractiveContext) => ctx.elicit({ message: 'Which day?', schema: form }),
  two: async (ctx: InteractiveContext) => {
    const first = await ctx.elicit({ message: 'First?', schema: form })
    const second = await ctx.elicit({ message: 'Second?', schema: form })
    return [first.action, second.action]
  },
  otherwise: (ctx: InteractiveContext) =>
    ctx.elicit({
      message: 'Which day?',
      schema: form,
      otherwise: () => ({ action: 'accept' as const, content: { day: 'Tuesday' as const, seats: 1 } }),
    }),
  choices: (ctx: InteractiveContext) => ctx.elicit({ message: 'Which ones?', schema: examples.choices }),
  url: (ctx: InteractiveContext) => ctx.elicit({ message: 'Sign in', url: 'https://example.com/sign-in?a=1#b' }),
  formOrUrl: (ctx: InteractiveContext) =>
    ctx.elicit({
      message: 'Which day?',
      schema: z.object({ day: z.string() }),
      otherwise: () => ctx.elicit({ message: 'Choose there', url: 'https://example.com/days' }) as never,
    }),
  sample: (ctx: InteractiveContext) => ctx.sample(examples.sampling),
  sampleTools: (ctx: InteractiveContext) => ctx.sample(examples.samplingTools),
  roots: (ctx: InteractiveContext) => ctx.roots(),
}

export type Question = keyof typeof questions

/** Tools that answer at once. */
export const plain = (view: ReturnType<typeof app>): ToolDefinition[] => [
  tool('echo', { input: z.looseObject({ words: z.string() }) }, ({ words }, ctx) => ({
    content: [text(words)],
    _meta: { 'example.com/heard': ctx.meta },
    'x-extra': { deep: [1, null] },
  })),
  tool('rich', { input: z.object({ kind: z.string() }) }, ({ kind }) => examples.results[kind]),
  tool('listed', { ...listed.tool, output: z.array(z.number()) }, () => [1]),
  tool('totalled', { output: z.object({ total: z.number() }) }, () => ({ total: 3 })),
  tool('fail', {}, () => {
    throw new ToolError('it cannot be done')
  }),
  tool('refuse', {}, () => {
    throw new ProtocolError(4055, 'no more of that', { left: 0 })
  }),
  tool('render', { task: { support: 'optional', pollIntervalMs: 50 } }, () => 'rendered'),
  tool('chart', { _meta: view.tool() }, () => 'see the chart'),
  ...rawNames.map(name => tool(name, {}, () => 'answered by the middleware')),
]

const word = { input: z.object({ word: z.string() }) }

/** Tools that tell what they do, and can be stopped. */
export const working = (journal: Journal): ToolDefinition[] => [
  tool('count', {}, (_, ctx) => {
    for (const at of [1, 2, 3]) ctx.progress(at, 3, `counted ${at}`)
    return 'counted'
  }),
  tool('murmur', {}, (_, ctx) => {
    for (const level of ['debug', 'info', 'error'] as const) ctx.log(level, { said: level }, 'murmurer')
  }),
  tool('wait', word, async ({ word }, ctx) => {
    ctx.progress(1)
    await new Promise(resolve => ctx.signal.addEventListener('abort', resolve, { once: true }))
    journal.say(word)
  }),
  tool('roots-changes', {}, () => String(journal.rootsChanges)),
  tool('say', word, ({ word }) => journal.say(word)),
  tool('until', word, ({ word }) => journal.until(word)),
]

/** The tool that asks its client, and says what it was answered. */
export const asking = (): ToolDefinition[] => [
  tool('ask', { input: z.object({ what: z.string() }) }, async ({ what }, ctx) =>
    JSON.stringify(await questions[what as Question](ctx)),
  ),
]

/** Tools after which the server is another one. */
export function changing(journal: Journal, name: string, made: () => Server): ToolDefinition[] {
  const more = {
    tools: tool('added', {}, () => 'I am new'),
    prompts: prompt('added', {}, () => 'I am new'),
    resources: resource(`${name}://added`, { name: 'added' }, () => 'I am new'),
  }
  const kind = { input: z.object({ kind: z.enum(['tools', 'prompts', 'resources']) }) }
  return [
    tool('grow', kind, ({ kind }) => made().add(more[kind])),
    tool('shrink', kind, ({ kind }) => made().remove(more[kind])),
    tool('visit', {}, () => made().updated(`${name}://visits`)),
    tool('paid', {}, () => {
      journal.paid.add('page-2')
      made().pageDone('page-2')
    }),
    tool('page-done', {}, () => made().pageDone('page-1')),
  ]
}
