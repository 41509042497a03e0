import { setTimeout as sleep } from 'node:timers/promises'
import { type Middleware, ProtocolError, ResourceNotFound } from '@interlock/protocol'
import { app, prompt, resource, type Server, server, template, tool } from '@interlock/server'
import { z } from 'zod'
import { type Seen, seen } from '../support/events.ts'
import { blocks, described, longList, results } from './samples.ts'

/** The server behind the gateway, with one of everything, and what it has seen. */
export interface Behind {
  readonly server: Server
  /** Words that handlers said about themselves. */
  readonly journal: Seen<string>
  /** Params of tool calls as they came in. */
  readonly params: Seen<object>
}

/** For how long, and for whom, the lists and one resource may be kept. */
export const listHint = { ttlMs: 60_000, scope: 'public' } as const

export function behind(): Behind {
  const journal = seen<string>('word')
  const params = seen<object>('call')
  const made = server({
    name: 'behind',
    version: '1.0.0',
    middleware: [recorded(params), hinted, retracted(journal)],
    tools: [...plainTools(), ...workingTools(journal), ...askingTools()],
    resources: [
      resource('behind://described', described, () => 'read'),
      resource('behind://kept', { cache: listHint }, () => 'kept'),
      template('behind://missing/{id}', described, (_, _ctx, uri) => {
        throw new ResourceNotFound(uri)
      }),
      template('behind://colours/{colour}', { complete: completers }, ({ colour }) => colour),
      view,
    ],
    prompts: [
      prompt('blocks', { ...described, description: 'every kind of content' }, () =>
        Object.values(blocks).map(content => ({ role: 'user' as const, content })),
      ),
      prompt('paint', { arguments: z.object({ colour: z.string().optional() }), complete: completers }, () => 'paint'),
      ...longList.map(name => prompt(name, {}, () => name)),
    ],
  })
  return { server: made, journal, params }
}

const view = app('ui://behind/view', { html: '<!doctype html><title>view</title>' })

/** Says which arguments were chosen before. */
const completers = {
  colour: (typed: string, chosen: object): string[] => [`${typed} after ${JSON.stringify(chosen)}`],
}

function plainTools(): ReturnType<typeof tool>[] {
  return [
    tool('described', { ...described, output: z.object({ total: z.number() }) }, () => ({ total: 3 })),
    tool('view', { _meta: view.tool() }, () => 'shown'),
    tool('show', {}, ({ kind }) => results[String(kind)]),
    tool('fail', {}, () => ({ content: [{ type: 'text', text: 'it failed' }], isError: true })),
    tool('refuse', {}, () => {
      throw new ProtocolError(-32050, 'not today', { why: ['closed'] })
    }),
  ]
}

function workingTools(journal: Seen<string>): ReturnType<typeof tool>[] {
  return [
    tool('count', {}, (_, ctx) => {
      for (const at of [1, 2, 3]) ctx.progress(at, 3, `counted ${at}`)
      return 'counted'
    }),
    tool('murmur', {}, (_, ctx) => {
      for (const level of ['debug', 'info', 'error'] as const) ctx.log(level, { said: level }, 'murmurer')
      return 'murmured'
    }),
    tool('take-back', {}, () => 'answered by the middleware'),
    tool('wait', {}, async ({ name }, ctx) => {
      ctx.progress(1)
      await sleep(20_000, undefined, { signal: ctx.signal }).catch(() => {})
      journal.add(`${String(name)} ${ctx.signal.aborted ? 'cancelled' : 'done'}`)
    }),
  ]
}

function askingTools(): ReturnType<typeof tool>[] {
  const form = z.object({ day: z.enum(['Monday', 'Tuesday']), seats: z.number().default(2) })
  return [
    tool('form', {}, async (_, ctx) => JSON.stringify(await ctx.elicit({ message: 'Which day?', schema: form }))),
    tool('twice', {}, async (_, ctx) => {
      const first = await ctx.elicit({ message: 'First?', schema: form })
      const second = await ctx.elicit({ message: 'Second?', schema: form })
      return JSON.stringify([first.action, second.action])
    }),
    tool('page', {}, async (_, ctx) =>
      JSON.stringify(await ctx.elicit({ message: 'Pay here', url: 'https://example.com/pay?order=1' })),
    ),
    tool('page-done', {}, async ({ id }, ctx) =>
      JSON.stringify(await ctx.elicit({ message: 'Pay here', url: 'https://example.com/pay', id: String(id) })),
    ),
    tool('sample', {}, async (_, ctx) => JSON.stringify(await ctx.sample(plainSample))),
    tool('sample-tools', {}, async (_, ctx) => JSON.stringify(await ctx.sample(toolSample))),
    tool('roots', {}, async (_, ctx) => JSON.stringify(await ctx.roots())),
    tool('otherwise', {}, async (_, ctx) =>
      JSON.stringify(
        await ctx.elicit({
          message: 'Which day?',
          schema: form,
          otherwise: () => ({ action: 'accept' as const, content: { day: 'Tuesday' as const, seats: 1 } }),
        }),
      ),
    ),
  ]
}

export const plainSample = {
  messages: [{ role: 'user' as const, content: { type: 'text' as const, text: 'Capital of France?' } }],
  maxTokens: 10,
  systemPrompt: 'Be brief',
}

export const toolSample = {
  ...plainSample,
  tools: [{ name: 'look_up', inputSchema: { type: 'object' as const } }],
  toolChoice: { mode: 'auto' as const },
}

const recorded =
  (params: Seen<object>): Middleware =>
  next =>
  call => {
    if (call.method === 'tools/call') params.add(call.params)
    return next(call)
  }

/** Lists may be kept for a while. */
const hinted: Middleware = next => async call => {
  const outcome = await next(call)
  return outcome.kind === 'complete' && call.method.endsWith('/list') ? { ...outcome, cache: listHint } : outcome
}

/** `take-back` asks the model something and does not wait for what it says. */
const retracted =
  (journal: Seen<string>): Middleware =>
  next =>
  async call => {
    if (call.method !== 'tools/call' || call.params['name'] !== 'take-back') return next(call)
    const stop = new AbortController()
    const asked = call.caller.input.ask('q', { method: 'sampling/createMessage', params: plainSample }, stop.signal)
    asked.catch(() => {})
    await journal.next(word => word === 'asked')
    stop.abort(new Error('not needed any more'))
    return { kind: 'complete', result: { content: [{ type: 'text', text: 'taken back' }] } }
  }
