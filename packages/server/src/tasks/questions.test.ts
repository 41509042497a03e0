import type { InputRequest } from '@interlock/protocol'
import { expect, test, vi } from 'vitest'
import { server, text, tool } from '../index.ts'
import { both, connected, core, extension } from '../testing/task-client.ts'

const schema = { type: 'object', properties: { day: { type: 'string' } } }
const answers = {
  'elicitation/create': { action: 'accept', content: { day: 'Monday' } },
  'sampling/createMessage': { role: 'assistant', model: 'm', content: { type: 'text', text: 'a poem' } },
  'roots/list': { roots: [{ uri: 'file:///work' }] },
}

function asking() {
  const runs = vi.fn()
  const asks = tool('asks', { task: 'optional' }, async (_, ctx) => {
    runs()
    const answer = await ctx.elicit('day', { message: 'Which day?', schema })
    return answer.action
  })
  const everything = tool('everything', { task: 'optional' }, async (_, ctx) => {
    const day = await ctx.elicit('day', { message: 'Which day?', schema })
    const messages = [{ role: 'user' as const, content: text('Write a poem') }]
    const poem = await ctx.sample('poem', { messages, maxTokens: 100 })
    const [root] = await ctx.roots()
    return `${day.action}, ${JSON.stringify(poem.content)}, ${root?.uri}`
  })
  return { runs, service: server({ name: 'asker', version: '1.0.0', tools: [asks, everything] }) }
}

test.each(both)('%s: whatever can be asked can be asked in a task', async (_, revision) => {
  const onInput = ({ method }: InputRequest) => answers[method]
  await using opened = await connected(asking().service, revision, { onInput })
  const { client, tasks } = opened
  const { taskId } = await tasks.start('everything')
  const answered = new Set<string>()
  while (!tasks.isCore) {
    const { status, inputRequests = {} } = await tasks.until(taskId, 'input_required', 'completed')
    if (status === 'completed') break
    const fresh = Object.entries(inputRequests as Record<string, InputRequest>).filter(([key]) => !answered.has(key))
    for (const [key, { method }] of fresh) {
      answered.add(key)
      await client.once('tasks/update', { taskId, inputResponses: { [key]: answers[method] } })
    }
  }
  expect(await tasks.result(taskId)).toMatchObject({
    content: [text('accept, {"type":"text","text":"a poem"}, file:///work')],
  })
})

test.each(both)('%s: work that was stopped and asks all the same is told so at once', async (_, revision) => {
  let goOn = (): void => {}
  const stopped = new Promise<void>(resolve => {
    goOn = resolve
  })
  const asked = vi.fn()
  const stubborn = tool('stubborn', { task: 'optional' }, async (__, ctx) => {
    await stopped
    await ctx.elicit('day', { message: 'Which day?', schema }).catch(asked)
    return 'over'
  })
  await using opened = await connected(server({ name: 'stubborn', version: '1.0.0', tools: [stubborn] }), revision, {
    onInput: ({ method }: InputRequest) => answers[method as keyof typeof answers],
  })
  const { client, tasks } = opened
  const { taskId } = await tasks.start('stubborn')
  await client.once('tasks/cancel', { taskId })
  goOn()
  await vi.waitFor(() => expect(asked).toHaveBeenCalledOnce())
})

test.each(both)('%s: the work that goes on as a task keeps the flow of its call', async (_, revision) => {
  const flows: string[] = []
  const later = tool('later', { task: 'later' }, (__, ctx) => {
    flows.push(ctx.flow)
    return ctx.task(own => flows.push(own.flow))
  })
  await using opened = await connected(server({ name: 'later', version: '1.0.0', tools: [later] }), revision)
  const { taskId } = await opened.tasks.start('later')
  await opened.tasks.result(taskId)
  expect(flows).toHaveLength(2)
  expect(flows[0]).toBe(flows[1])
})

test.each(extension)('%s: what cannot be the answer to a question leaves it open', async (_, revision) => {
  await using opened = await connected(asking().service, revision)
  const { taskId } = await opened.tasks.start('asks')
  await opened.tasks.until(taskId, 'input_required')
  const update = (inputResponses: object) => opened.client.once('tasks/update', { taskId, inputResponses })
  for (const unfit of [answers['roots/list'], answers['sampling/createMessage'], 'yes', null, { action: 'perhaps' }]) {
    expect(await update({ day: unfit })).toMatchObject({ resultType: 'complete' })
  }
  expect(await opened.tasks.get(taskId)).toMatchObject({ status: 'input_required' })
  await update({ day: { action: 'decline' } })
  expect(await opened.tasks.result(taskId)).toMatchObject({ content: [text('decline')] })
})

test.each(core)('%s: a question is taken back when its task is cancelled', async (_, revision) => {
  await using opened = await connected(asking().service, revision, { onInput: () => undefined })
  const { taskId } = await opened.tasks.start('asks')
  const result = opened.client.begin('tasks/result', { taskId })
  const question = await opened.client.next('elicitation/create')
  await opened.tasks.cancel(taskId)
  await expect(result).rejects.toMatchObject({ message: /cancelled/ })
  const told = await opened.client.next('notifications/cancelled')
  expect(told.params).toMatchObject({ requestId: 'id' in question ? question.id : undefined })
})

test.each(core)('%s: who asks for the result again is asked the question again', async (_, revision) => {
  const asked = vi.fn()
  const onInput = () => {
    asked()
    return asked.mock.calls.length === 1 ? undefined : { action: 'decline' }
  }
  const { service, runs } = asking()
  await using opened = await connected(service, revision, { onInput })
  const { taskId } = await opened.tasks.start('asks')
  const first = opened.client.begin('tasks/result', { taskId })
  await opened.client.next('elicitation/create')
  const again = opened.client.begin('tasks/result', { taskId })
  for (const result of [first, again]) expect(await result).toMatchObject({ content: [text('decline')] })
  expect(asked).toHaveBeenCalledTimes(2)
  expect(opened.client.all('notifications/cancelled')).toHaveLength(1)
  expect(runs).toHaveBeenCalledOnce()
})
