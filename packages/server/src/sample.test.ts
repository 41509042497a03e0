import {
  type CreateMessageRequestParams,
  complete,
  type InputRequest,
  type Middleware,
  revisions,
  type SamplingMessage,
} from '@interlock/protocol'
import { expect, test, vi } from 'vitest'
import { type InteractiveContext, server, text, tool } from './index.ts'
import { type PeerOptions, peer } from './testing/peer.ts'

const info = { name: 'asking', version: '1.0.0' }
const all = revisions.map(revision => [revision.version, revision] as const)
const withTools = all.filter(([, { features }]) => features.samplingTools)
const withoutTools = all.filter(([, { features }]) => !features.samplingTools)
const withUrl = all.filter(([, { features }]) => features.elicitation === 'form+url')
const withoutUrl = all.filter(([, { features }]) => features.elicitation !== 'form+url')

type Work = (ctx: InteractiveContext) => unknown

async function worked(work: Work, revision: (typeof revisions)[number], options: PeerOptions) {
  const asker = server({ ...info, tools: [tool('work', {}, (_, ctx) => work(ctx))] })
  await using client = await peer(asker, revision, options)
  return await client.tool('work')
}

const said = (words: string, role: 'user' | 'assistant' = 'user'): SamplingMessage => ({ role, content: text(words) })
const sum: CreateMessageRequestParams = { messages: [said('2 + 2?')], maxTokens: 10 }
const answer = { role: 'assistant', model: 'abacus', content: text('4'), stopReason: 'endTurn' }

test.each(all)('%s: a tool may ask the model of its client', async (_, revision) => {
  const questions: InputRequest[] = []
  const onInput = (question: InputRequest) => {
    questions.push(question)
    return answer
  }
  const work: Work = async ctx => {
    const { model, content } = await ctx.sample('sum', { ...sum, systemPrompt: 'be brief' })
    return `${model}: ${JSON.stringify(content)}`
  }
  const result = await worked(work, revision, { onInput })
  expect(result['content']).toEqual([text('abacus: {"type":"text","text":"4"}')])
  expect(questions).toEqual([{ method: 'sampling/createMessage', params: { ...sum, systemPrompt: 'be brief' } }])
})

test.each(all)('%s: a tool learns of the roots, and asks for them once', async (_, revision) => {
  const onInput = vi.fn(({ method }: InputRequest) =>
    method === 'roots/list' ? { roots: [{ uri: 'file:///work', name: 'work' }] } : answer,
  )
  const work: Work = async ctx => {
    const [root] = await ctx.roots()
    await ctx.sample(sum)
    return `${root?.uri} ${(await ctx.roots()).length}`
  }
  expect((await worked(work, revision, { onInput }))['content']).toEqual([text('file:///work 1')])
  expect(onInput.mock.calls.filter(([{ method }]) => method === 'roots/list')).toHaveLength(1)
})

test.each(all)('%s: a client that can do neither is not asked', async (_, revision) => {
  const onInput = vi.fn()
  for (const [work, capability] of [
    [(ctx: InteractiveContext) => ctx.sample(sum), { sampling: {} }],
    [(ctx: InteractiveContext) => ctx.roots(), { roots: {} }],
  ] as const) {
    const refusal = { code: -32021, data: { requiredCapabilities: capability } }
    await expect(worked(work, revision, { onInput, capabilities: {} })).rejects.toMatchObject(refusal)
  }
  expect(onInput).not.toHaveBeenCalled()
})

const add = { name: 'add', inputSchema: { type: 'object' as const } }
const use = { type: 'tool_use' as const, id: 'u1', name: 'add', input: { a: 2, b: 2 } }
const used: SamplingMessage = {
  role: 'user',
  content: [{ type: 'tool_result', toolUseId: 'u1', content: [text('4')] }],
}

test.each(withTools)('%s: the model may use the tools that the request holds', async (_, revision) => {
  const capabilities = { sampling: { tools: {} } }
  const onInput = ({ params }: InputRequest) =>
    (params as unknown as CreateMessageRequestParams).messages.length === 1
      ? { ...answer, stopReason: 'toolUse', content: [use] }
      : answer
  const work: Work = async ctx => {
    const first = await ctx.sample('first', { ...sum, tools: [add] })
    const messages: SamplingMessage[] = [...sum.messages, { role: 'assistant', content: first.content }, used]
    const second = await ctx.sample('second', { ...sum, messages, tools: [add] })
    return `${first.stopReason} ${second.stopReason}`
  }
  const result = await worked(work, revision, { capabilities, onInput })
  expect(result['content']).toEqual([text('toolUse endTurn')])
})

test.each(withTools)('%s: tools and context are asked of those only who declared them', async (_, revision) => {
  const options: PeerOptions = { capabilities: { sampling: {} }, onInput: () => answer }
  const ask = (more: Partial<CreateMessageRequestParams>) =>
    worked(ctx => ctx.sample({ ...sum, ...more }), revision, options)
  await expect(ask({ tools: [add] })).rejects.toMatchObject({
    code: -32021,
    data: { requiredCapabilities: { sampling: { tools: {} } } },
  })
  await expect(ask({ includeContext: 'thisServer' })).rejects.toMatchObject({
    code: -32021,
    data: { requiredCapabilities: { sampling: { context: {} } } },
  })
  expect((await ask({ includeContext: 'none' }))['isError']).toBeUndefined()
})

const passedOn: Record<string, Middleware> = {
  'asks at once': () => async call => {
    const params = { ...sum, includeContext: 'thisServer' }
    return complete({ content: [text(JSON.stringify(await call.caller.input.ask('q', { method, params })))] })
  },
  'asks by returning': () => async call =>
    call.resume === undefined
      ? { kind: 'input_required', requests: { q: { method, params: { ...sum, includeContext: 'thisServer' } } } }
      : complete({ content: [text(JSON.stringify(Object.values(call.resume.responses)[0]))] }),
}
const method = 'sampling/createMessage'

test.each(
  withTools.flatMap(([version, revision]) => Object.keys(passedOn).map(how => [version, how, revision] as const)),
)(
  '%s: who passes questions on and %s does not ask for a context that the client does not give',
  async (_, how, revision) => {
    const questions: InputRequest[] = []
    const onInput = (question: InputRequest) => {
      questions.push(question)
      return answer
    }
    const between = server({
      ...info,
      tools: [tool('work', {}, () => 'never')],
      middleware: [passedOn[how] as Middleware],
    })
    await using client = await peer(between, revision, { capabilities: { sampling: {} }, onInput })
    expect((await client.tool('work'))['content']).toEqual([text(JSON.stringify(answer))])
    expect(questions).toEqual([{ method, params: sum }])
  },
)

test.each(withoutTools)('%s: a revision that has no tools in sampling is not asked with them', async (_, revision) => {
  const options: PeerOptions = { capabilities: { sampling: { tools: {} } }, onInput: () => answer }
  await expect(worked(ctx => ctx.sample({ ...sum, tools: [add] }), revision, options)).rejects.toMatchObject({
    code: -32021,
  })
})

const used2: SamplingMessage = { role: 'assistant', content: [use] }
test.each([
  ['no result', [used2], /end without the result of u1/],
  ['something else first', [used2, said('wait')], /messages\[1\] .* must hold the result of the tool use u1/],
  ['a result of nothing', [used], /messages\[0\] .* results of no tool use: u1/],
  [
    'words beside the result',
    [used2, { role: 'user', content: [text('here'), ...[used.content].flat()] }],
    /messages\[1\] .* hold only those/,
  ],
] as const)('a use of a tool with %s is never sent', async (_, messages, fault) => {
  const onInput = vi.fn()
  const faults: unknown[] = []
  const work: Work = ctx =>
    ctx.sample({ ...sum, messages: [...messages] as SamplingMessage[] }).catch(error => faults.push(error))
  await worked(work, all[0]?.[1] ?? revisions[0], { onInput })
  expect(faults).toEqual([expect.objectContaining({ message: expect.stringMatching(fault) })])
  expect(onInput).not.toHaveBeenCalled()
})

test.each(all)(
  '%s: an answer that is none is refused, or asked for again where rounds allow it',
  async (_, revision) => {
    const works = [(ctx: InteractiveContext) => ctx.sample(sum), (ctx: InteractiveContext) => ctx.roots()]
    for (const work of works) {
      let times = 0
      const onInput = () => (times++ === 0 ? { roots: 'x', model: 1 } : { ...answer, roots: [] })
      const outcome = worked(work, revision, { onInput })
      if (revision.features.era === 'legacy') await expect(outcome).rejects.toMatchObject({ code: -32602 })
      else await outcome
      expect(times).toBe(revision.features.era === 'legacy' ? 1 : 2)
    }
  },
)

const page = { message: 'Sign in to Example', url: 'https://example.com/sign-in?state=1' }

test.each(withUrl)('%s: a tool may send its user to a page', async (_, revision) => {
  for (const action of ['accept', 'decline', 'cancel'] as const) {
    const questions: InputRequest[] = []
    const onInput = (question: InputRequest) => {
      questions.push(question)
      return { action }
    }
    const result = await worked(async ctx => (await ctx.elicit('sign-in', page)).action, revision, { onInput })
    expect(result['content']).toEqual([text(action)])
    expect(questions).toMatchObject([{ method: 'elicitation/create', params: { mode: 'url', ...page } }])
  }
})

test.each(withoutUrl)('%s: no page where the revision has none', async (_, revision) => {
  await expect(worked(ctx => ctx.elicit(page), revision, {})).rejects.toMatchObject({
    code: -32021,
    data: { requiredCapabilities: { elicitation: { url: {} } } },
  })
})

test.each(['javascript:alert(1)', '/relative', 'file:///etc/passwd'])('no user is sent to %s', async url => {
  const faults: unknown[] = []
  await worked(ctx => ctx.elicit({ ...page, url }).catch(error => faults.push(error)), revisions[0], {})
  expect(faults).toEqual([expect.objectContaining({ message: expect.stringMatching(/whole http or https URL/) })])
})
