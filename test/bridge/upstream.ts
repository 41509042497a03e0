import { type Call, complete, type Middleware, newest, ResourceNotFound, type Revision } from '@interlock/protocol'
import { app, prompt, receive, resource, type Server, server, template } from '@interlock/server'
import { z } from 'zod'
import { examples, listed } from '../../tools/bridge/examples.ts'
import { Journal } from './journal.ts'
import { raw } from './raw-tools.ts'
import { asking, changing, plain, working } from './tools.ts'

/** More than one page of a list. */
export const manyPrompts = 1_001

/** The one view that every server has under the same URI. */
export const view = 'ui://same/view'

/** For how long, and for whom, what the server has may be kept. */
export const hints = {
  lists: { ttlMs: 600_000, scope: 'public' },
  visits: { ttlMs: 60_000, scope: 'public' },
  secret: { ttlMs: 5_000, scope: 'private' },
} as const

/** Ids of the pages that its user may be sent to. */
export const pages = ['page-1', 'page-2'] as const

/** One of everything, written once with our own framework, and served in one revision. */
export function upstream(name: string, { version }: Revision): Server {
  const show = app(view, { html: `<p>${name}</p>` })
  const journal = new Journal()
  const made: Server = server({
    name,
    version: '1.0.0',
    revisions: [version],
    extensions: [rooms(name)],
    middleware: [hinted, raw(journal)],
    tools: [...plain(show), ...working(journal), ...asking(), ...changing(journal, name, () => made)],
    resources: [
      resource(`${name}://visits`, { ...listed.resource, cache: hints.visits }, () => 'many'),
      resource(`${name}://secret`, { cache: hints.secret }, () => 'hidden'),
      template(`${name}://colours/{colour}`, { ...listed.template, complete: { colour: colours } }, v => v),
      template(`${name}://lost/{id}`, {}, (_, _ctx, uri) => {
        throw new ResourceNotFound(uri)
      }),
      show,
    ],
    prompts: [
      prompt(
        'paint',
        { ...listed.prompt, arguments: z.object({ colour: z.string().optional() }), complete: { colour: colours } },
        ({ colour }) => `Paint it ${colour}`,
      ),
      prompt('rich', {}, () => examples.prompt),
      ...Array.from({ length: manyPrompts }, (_, at) => prompt(`p${at}`, {}, () => 'plain')),
    ],
  })
  const heard = { ...made, capabilities: () => made.capabilities(), rootsChanged: () => journal.rootsChanged() }
  return { ...made, receiver: receive(heard, { revisions: [version] }) }
}

/** Another server of the same gateway, whose lists may be kept for half as long, and by one user only. */
export const beside = (): Server =>
  server({
    name: 'beside',
    version: '1.0.0',
    revisions: [newest.version],
    extensions: [rooms('beside')],
    middleware: [
      next => async call => {
        const outcome = await next(call)
        const cache = { ttlMs: hints.lists.ttlMs / 2, scope: 'private' } as const
        return outcome.kind === 'complete' && call.method.endsWith('/list') ? { ...outcome, cache } : outcome
      },
    ],
    tools: [],
    resources: [app(view, { html: '<p>beside</p>' })],
    prompts: [prompt('last', {}, () => 'plain')],
  })

/** Lists may be kept for a while. */
const hinted: Middleware = next => async call => {
  const outcome = await next(call)
  return outcome.kind === 'complete' && call.method.endsWith('/list') ? { ...outcome, cache: hints.lists } : outcome
}

/** An extension that no specification knows. */
const rooms = (of: string) => ({
  id: 'com.example/rooms',
  settings: { floors: 3, of },
  methods: {
    'rooms/open': async ({ params }: Call) => complete({ opened: params['name'], key: params['key'] ?? null }),
  },
})

function colours(typed: string, chosen: Readonly<Record<string, unknown>>): string[] {
  const all = chosen['mood'] === 'calm' ? ['blue'] : ['black', 'blue', 'red']
  return all.filter(colour => colour.startsWith(typed))
}
