import { type InputRequest, type Middleware, revisions } from '@interlock/protocol'
import { expect, test, vi } from 'vitest'
import { z } from 'zod'
import { type InteractiveContext, prompt, resource, server, template, text, tool } from './index.ts'
import { type Peer, type PeerOptions, peer } from './testing/peer.ts'

const info = { name: 'asking', version: '1.0.0' }
const asking = revisions.filter(({ features }) => features.elicitation !== 'none').map(r => [r.version, r] as const)
const mute = revisions.filter(({ features }) => features.elicitation === 'none').map(r => [r.version, r] as const)
const schema = z.object({ day: z.string() })
const accept = (content: object) => ({ action: 'accept', content })
/** Answers every question with its own text as the day. */
const echo: PeerOptions = { onInput: ({ params }) => accept({ day: String(params?.['message']) }) }

type Work = (ctx: InteractiveContext) => unknown

/** What a client gets from a tool that does some work. */
async function worked(work: Work, revision = revisions[0], options: PeerOptions = echo) {
  await using client = await peer(asker(work), revision, options)
  return (await client.tool('book'))['content']
}

const asker = (work: Work) => server({ ...info, tools: [tool('book', {}, (_, ctx) => work(ctx))] })

const dayOf = async (ctx: InteractiveContext, message: string): Promise<string> => {
  const answer = await ctx.elicit(message, { message, schema })
  return answer.action === 'accept' ? answer.content.day : answer.action
}

test.each(asking)('%s: a tool may ask its user and go on', async (_, revision) => {
  const questions: InputRequest[] = []
  const onInput = (question: InputRequest) => {
    questions.push(question)
    return accept({ day: 'Monday' })
  }
  const content = await worked(async ctx => `booked ${await dayOf(ctx, 'which day')}`, revision, { onInput })
  expect(content).toEqual([text('booked Monday')])
  expect(questions).toMatchObject([
    {
      method: 'elicitation/create',
      params: {
        message: 'which day',
        requestedSchema: { type: 'object', properties: { day: { type: 'string' } }, required: ['day'] },
      },
    },
  ])
})

test.each(asking)('%s: one question after another', async (_, revision) => {
  const work: Work = async ctx => `${await dayOf(ctx, 'from')} ${await dayOf(ctx, 'until')}`
  expect(await worked(work, revision)).toEqual([text('from until')])
})

test.each(asking)('%s: questions without a key are told apart', async (_, revision) => {
  const work: Work = async ctx => {
    const from = await ctx.elicit({ message: 'from', schema })
    const until = await ctx.elicit({ message: 'until', schema })
    return JSON.stringify([from, until])
  }
  expect(await worked(work, revision)).toEqual([
    text('[{"action":"accept","content":{"day":"from"}},{"action":"accept","content":{"day":"until"}}]'),
  ])
})

test.each(asking)('%s: questions asked together go out together', async (_, revision) => {
  const work: Work = async ctx => (await Promise.all(['a', 'b', 'c'].map(key => dayOf(ctx, key)))).join()
  await using client = await peer(asker(work), revision, echo)
  const before = client.sent
  expect((await client.tool('book'))['content']).toEqual([text('a,b,c')])
  expect(client.sent - before).toBe(revision.features.era === 'modern' ? 2 : 1)
})

test.each(asking)('%s: a catch-all loses no question, and finally runs', async (_, revision) => {
  const cleaned = vi.fn()
  const work: Work = async ctx => {
    try {
      return await dayOf(ctx, 'Friday')
    } catch {
      return 'swallowed'
    } finally {
      cleaned()
    }
  }
  expect(await worked(work, revision)).toEqual([text('Friday')])
  expect(cleaned).toHaveBeenCalled()
})

test.each(asking)('%s: a step happens once, however many questions follow', async (_, revision) => {
  const hold = vi.fn(() => ({ id: 7 }))
  const work: Work = async ctx => {
    const { id } = await ctx.step('hold', hold)
    return `${id} ${await dayOf(ctx, 'from')} ${await dayOf(ctx, 'until')}`
  }
  expect(await worked(work, revision)).toEqual([text('7 from until')])
  expect(hold).toHaveBeenCalledTimes(1)
})

test.each(asking)('%s: a step that runs beside a question happens once', async (_, revision) => {
  const charge = vi.fn(() => new Promise<string>(resolve => setTimeout(resolve, 50, 'charged')))
  const work: Work = async ctx => (await Promise.all([ctx.step('charge', charge), dayOf(ctx, 'Monday')])).join()
  expect(await worked(work, revision)).toEqual([text('charged,Monday')])
  expect(charge).toHaveBeenCalledTimes(1)
})

test.each(asking)('%s: a step that fails may be tried again', async (_, revision) => {
  let tries = 0
  const charge = () => {
    tries += 1
    if (tries === 1) throw new Error('busy')
    return tries
  }
  const work: Work = async ctx => {
    await ctx.step('charge', charge).catch(() => {})
    return `${await ctx.step('charge', charge)}`
  }
  expect(await worked(work, revision)).toEqual([text('2')])
})

test.each(asking)('%s: the flow is the same in every round', async (_, revision) => {
  const flows = new Set<string>()
  await worked(async ctx => {
    flows.add(ctx.flow)
    return dayOf(ctx, 'a')
  }, revision)
  expect(flows.size).toBe(1)
})

test.each(asking)('%s: a user may decline or cancel', async (_, revision) => {
  const work: Work = ctx => dayOf(ctx, 'a')
  for (const action of ['decline', 'cancel']) {
    expect(await worked(work, revision, { onInput: () => ({ action }) })).toEqual([text(action)])
  }
})

test.each(asking)('%s: an answer that does not fit is an error', async (_, revision) => {
  const asked = asker(ctx => dayOf(ctx, 'a'))
  await using client = await peer(asked, revision, { onInput: () => accept({ day: 7 }) })
  await expect(client.tool('book')).rejects.toMatchObject({
    code: -32602,
    message: expect.stringMatching(/^the answer to "a" does not fit: day: /),
  })
})

test.each(asking)('%s: plain JSON Schema is checked too', async (_, revision) => {
  const form = { type: 'object', properties: { nights: { type: 'integer', minimum: 1 } }, required: ['nights'] }
  const asked = asker(async ctx => JSON.stringify(await ctx.elicit('n', { message: 'how long', schema: form })))
  await using good = await peer(asked, revision, { onInput: () => accept({ nights: 2 }) })
  expect(await good.tool('book')).toMatchObject({ content: [text('{"action":"accept","content":{"nights":2}}')] })
  await using bad = await peer(asked, revision, { onInput: () => accept({ nights: 0 }) })
  await expect(bad.tool('book')).rejects.toThrow('nights: must be at least 1')
})

test.each(asking)('%s: nothing is asked of a client that cannot ask', async (_, revision) => {
  const onInput = vi.fn()
  const before = vi.fn()
  await using client = await peer(
    asker(ctx => dayOf(ctx, 'a').finally(before)),
    revision,
    { capabilities: {}, onInput },
  )
  await expect(client.tool('book')).rejects.toMatchObject({
    code: -32021,
    data: { requiredCapabilities: { elicitation: { form: {} } } },
  })
  expect(onInput).not.toHaveBeenCalled()
  expect(before).toHaveBeenCalled()
})

test.each(mute)('%s: nothing is asked where the revision has no way to', async (_, revision) => {
  await using client = await peer(
    asker(ctx => dayOf(ctx, 'a')),
    revision,
    echo,
  )
  await expect(client.tool('book')).rejects.toMatchObject({ code: -32021 })
})

test.each(asking)('%s: a question without a form that can be shown is an error of the tool', async (_, revision) => {
  vi.spyOn(console, 'error').mockImplementationOnce(() => {})
  const deep = z.object({ day: z.object({ nr: z.number() }) })
  await using client = await peer(
    asker(ctx => ctx.elicit({ message: 'a', schema: deep })),
    revision,
    echo,
  )
  expect(await client.tool('book')).toMatchObject({ isError: true })
})

test.each(asking)('%s: prompts, resources and templates may ask as well', async (_, revision) => {
  const all = server({
    ...info,
    prompts: [prompt('plan', {}, (_args, ctx) => dayOf(ctx, 'p'))],
    resources: [
      resource('x:diary', {}, (_uri, ctx) => dayOf(ctx, 'r')),
      template('y:{id}', {}, async ({ id }, ctx) => `${id} ${await dayOf(ctx, 't')}`),
    ],
  })
  await using client = await peer(all, revision, echo)
  expect(await client.call('prompts/get', { name: 'plan' })).toMatchObject({
    messages: [{ role: 'user', content: text('p') }],
  })
  expect(await client.call('resources/read', { uri: 'x:diary' })).toMatchObject({ contents: [{ text: 'r' }] })
  expect(await client.call('resources/read', { uri: 'y:1' })).toMatchObject({ contents: [{ text: '1 t' }] })
})

/** Asks in the explicit style: once for a name, and once more for a colour. */
const explicit: Middleware = next => async call => {
  if (call.method !== 'tools/call') return next(call)
  const { responses, state } = call.resume ?? { responses: {} }
  const ask = (message: string) =>
    ({
      method: 'elicitation/create',
      params: { mode: 'form', message, requestedSchema: { type: 'object', properties: { day: { type: 'string' } } } },
    }) as const
  if (state === undefined) return { kind: 'input_required', requests: { name: ask('name') }, state: 'first' }
  const { content } = (responses['name'] ?? responses['colour']) as { content: { day: string } }
  if (state === 'first') {
    return { kind: 'input_required', requests: { colour: ask('colour') }, state: `second ${content.day}` }
  }
  return { kind: 'complete', result: { content: [text(`${state} ${content.day}`)] } }
}

test.each(asking)('%s: a handler may ask by returning, with state of its own', async (_, revision) => {
  const made = server({ ...info, tools: [tool('book', {}, () => 'unused')], middleware: [explicit] })
  await using client: Peer = await peer(made, revision, echo)
  expect((await client.tool('book'))['content']).toEqual([text('second name colour')])
})

test.each(asking.filter(([, { features }]) => features.era === 'legacy'))(
  '%s: a question whose answer is not wanted any more is taken back',
  async (_, revision) => {
    const stop = new AbortController()
    const question = { method: 'roots/list' } as const
    const impatient: Middleware = next => async call => {
      if (call.method !== 'tools/call') return next(call)
      const error: unknown = await call.caller.input.ask('k', question, stop.signal).catch(thrown => thrown)
      return { kind: 'complete', result: { content: [text(String(error))] } }
    }
    const made = server({ ...info, tools: [tool('book', {}, () => 'unused')], middleware: [impatient] })
    await using client = await peer(made, revision, { onInput: () => void stop.abort() })
    expect((await client.tool('book'))['content']).toEqual([text('Error: the answer is not wanted any more')])
    const [asked] = client.heard
    const reason = 'the answer is not wanted any more'
    expect(client.all('notifications/cancelled')).toEqual([
      { requestId: asked !== undefined && 'id' in asked ? asked.id : undefined, reason },
    ])
  },
)

test.each(asking)('%s: a handler that asks by returning keeps its steps', async (_, revision) => {
  const charge = vi.fn(() => 1)
  const stepping: Middleware = next => async call => {
    if (call.method === 'tools/call') await call.caller.input.step('charge', charge)
    return next(call)
  }
  const made = server({ ...info, tools: [tool('book', {}, () => 'unused')], middleware: [stepping, explicit] })
  await using client = await peer(made, revision, echo)
  await client.tool('book')
  expect(charge).toHaveBeenCalledTimes(1)
})

test.each(asking)('%s: what a handler asks by returning needs its capability', async (_, revision) => {
  const made = server({ ...info, tools: [tool('book', {}, () => 'unused')], middleware: [explicit] })
  await using client = await peer(made, revision, { capabilities: { sampling: {} } })
  await expect(client.tool('book')).rejects.toMatchObject({ code: -32021 })
})

test.each(revisions.map(r => [r.version, r] as const))('%s: a list can ask nothing', async (_, revision) => {
  vi.spyOn(console, 'error').mockImplementationOnce(() => {})
  const made = server({ ...info, tools: [], middleware: [() => async () => ({ kind: 'input_required', state: 'x' })] })
  await using client = await peer(made, revision, echo)
  await expect(client.call('tools/list')).rejects.toMatchObject({ code: -32603 })
})
