import { type Call, code, complete, type Middleware, ProtocolError, type Revision } from '@interlock/protocol'
import {
  app,
  type InteractiveContext,
  prompt,
  resource,
  type Server,
  server,
  ToolError,
  template,
  text,
  tool,
} from '@interlock/server'
import { z } from 'zod'
import { examples, listed } from '../../tools/bridge/examples.ts'

/** More than one page of a list. */
export const manyPrompts = 1_001

/** The scheme of a server's URIs, so that none of them is another server's as well. */
export const schemeOf = ({ version }: Revision): string => `r${version.replaceAll('-', '')}`

/** The one view that every server has under the same URI. */
export const view = 'ui://same/view'

/** What each server is asked to ask; the answers go into the result. */
const questions = {
  form: (ctx: InteractiveContext) => ctx.elicit({ message: 'Which day?', schema: z.object({ day: z.string() }) }),
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

/** One of everything, written once with our own framework, and served in one revision: by default, the one it is called after. */
export function upstream(revision: Revision, served: Revision = revision): Server {
  const scheme = schemeOf(revision)
  /** How often something has happened, by word: whoever asks learns what the server has noticed. */
  const noticed = new Map<string, number>()
  const waiting = new Map<string, Set<() => void>>()
  const note = (word: string): void => {
    noticed.set(word, (noticed.get(word) ?? 0) + 1)
    for (const resolve of waiting.get(word) ?? []) resolve()
  }
  const until = async (word: string): Promise<void> => {
    if (noticed.has(word)) return
    await new Promise<void>(resolve => waiting.set(word, (waiting.get(word) ?? new Set()).add(resolve)))
  }
  const paid = new Set<string>()
  const added = tool('added', {}, () => 'I am new')
  const word = { input: z.object({ word: z.string() }) }
  const show = app(view, { html: `<p>${scheme}</p>` })
  const made: Server = server({
    name: scheme,
    version: '1.0.0',
    revisions: [served.version],
    extensions: [{ id: 'com.example/rooms', settings: { floors: 3, of: scheme }, methods: { 'rooms/open': rooms } }],
    middleware: [raw(paid)],
    tools: [
      tool('echo', { input: z.looseObject({ words: z.string() }) }, ({ words }, ctx) => ({
        content: [text(words)],
        _meta: { 'example.com/heard': ctx.meta },
        'x-extra': { deep: [1, null] },
      })),
      tool('rich', { input: z.object({ kind: z.string() }) }, ({ kind }) => examples.results[kind]),
      tool('listed', { ...listed.tool, output: z.array(z.number()) }, () => [1]),
      tool('fail', {}, () => {
        throw new ToolError('it cannot be done')
      }),
      tool('refuse', {}, () => {
        throw new ProtocolError(-32_055, 'no more of that', { left: 0 })
      }),
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
        note(word)
      }),
      tool('note', word, ({ word }) => note(word)),
      tool('until', word, ({ word }) => until(word)),
      tool('ask', { input: z.object({ what: z.string() }) }, async ({ what }, ctx) =>
        JSON.stringify(await questions[what as Question](ctx)),
      ),
      tool('grow', {}, () => {
        made.remove(added)
        made.add(added)
      }),
      tool('shrink', {}, () => made.remove(added)),
      tool('visit', {}, () => made.updated(`${scheme}://visits`)),
      tool('withdraw', {}, () => {}),
      tool('page', {}, () => {}),
      tool('page-first', {}, () => {}),
      tool('paid', {}, () => {
        paid.add('page-2')
        made.pageDone('page-2')
      }),
      tool('page-done', {}, () => made.pageDone('page-1')),
      tool('render', { task: { support: 'optional', pollIntervalMs: 50 } }, () => 'rendered'),
      tool('chart', { _meta: show.tool() }, () => 'see the chart'),
    ],
    resources: [
      resource(`${scheme}://visits`, { ...listed.resource, cache: { ttlMs: 60_000, scope: 'public' } }, () => 'many'),
      resource(`${scheme}://secret`, { cache: { ttlMs: 5_000, scope: 'private' } }, () => 'hidden'),
      template(`${scheme}://colours/{colour}`, { ...listed.template, complete: { colour: colours } }, v => v),
      show,
    ],
    prompts: [
      prompt('paint', { ...listed.prompt, complete: { colour: colours } }, ({ colour }) => `Paint it ${colour}`),
      prompt('rich', {}, () => examples.prompt),
      ...Array.from({ length: manyPrompts }, (_, at) => prompt(`p${at}`, {}, () => 'plain')),
    ],
  })
  return made

  function colours(typed: string, chosen: Readonly<Record<string, unknown>>): string[] {
    const all = chosen['mood'] === 'calm' ? ['blue'] : ['black', 'blue', 'red']
    return all.filter(colour => colour.startsWith(typed))
  }
}

/** A method that no specification knows. */
const rooms = async ({ params }: Call): Promise<ReturnType<typeof complete>> =>
  complete({ opened: params['name'], key: params['key'] ?? null })

/** What the framework has no words for. `paid` are the pages at which somebody has been. */
const raw =
  (paid: Set<string>): Middleware =>
  next =>
  async call => {
    if (call.method !== 'tools/call') return next(call)
    const { input } = call.caller
    switch (call.params['name']) {
      case 'withdraw': {
        const stop = new AbortController()
        const params = { message: 'Still there?', requestedSchema: { type: 'object', properties: {} } }
        const asked = input.ask('still', { method: 'elicitation/create', params }, stop.signal)
        if (!input.isLive) return complete({ content: [text(JSON.stringify(await asked))] })
        setTimeout(() => stop.abort(), 30)
        const answer = await asked.catch(() => 'withdrawn')
        return complete({ content: [text(String(answer))] })
      }
      case 'page': {
        const elicitationId = 'page-1'
        const params = { mode: 'url', message: 'Pay', url: 'https://example.com/pay', elicitationId }
        const answer = await input.ask('pay', { method: 'elicitation/create', params })
        return complete({ content: [text(JSON.stringify(answer))] })
      }
      case 'page-first': {
        if (paid.delete('page-2')) return complete({ content: [text('bought')] })
        const url = 'https://example.com/pay-first'
        const elicitations = [{ mode: 'url', message: 'Pay first', url, elicitationId: 'page-2' }]
        throw new ProtocolError(code.urlElicitationRequired, 'You have to pay first', { elicitations })
      }
      default:
        return next(call)
    }
  }
