import { type InputRequest, MissingCapability, revisions } from '@interlock/protocol'
import { expect, test } from 'vitest'
import { type InteractiveContext, server, text, tool } from './index.ts'
import { type PeerOptions, peer } from './testing/peer.ts'

const all = revisions.map(revision => [revision.version, revision] as const)
const schema = { type: 'object', properties: { day: { type: 'string' } } }

async function worked(
  work: (ctx: InteractiveContext) => unknown,
  revision: (typeof revisions)[number],
  options: PeerOptions,
) {
  const asker = server({ name: 'asking', version: '1.0.0', tools: [tool('work', {}, (_, ctx) => work(ctx))] })
  await using client = await peer(asker, revision, options)
  return (await client.tool('work'))['content']
}

test.each(all)('%s: an author says what to do for a client that cannot be asked', async (_, revision) => {
  const questions: InputRequest[] = []
  const options: PeerOptions = { capabilities: {}, onInput: question => void questions.push(question) }
  const work = async (ctx: InteractiveContext): Promise<string> => {
    const form = await ctx.elicit({
      message: 'Which day?',
      schema,
      otherwise: () => ({ action: 'accept', content: { day: 'Monday' } }),
    })
    const page = await ctx.elicit({
      message: 'Sign in',
      url: 'https://example.com/',
      otherwise: () => ({ action: 'decline' }),
    })
    const sample = await ctx.sample({
      messages: [{ role: 'user', content: text('2 + 2?') }],
      maxTokens: 5,
      otherwise: () => ({ role: 'assistant', model: 'none', content: text('4') }),
    })
    const roots = await ctx.roots({ otherwise: () => [] })
    const day = form.action === 'accept' ? form.content['day'] : form.action
    return `${day} ${page.action} ${sample.model} ${roots.length}`
  }
  expect(await worked(work, revision, options)).toEqual([text('Monday decline none 0')])
  expect(questions).toEqual([])
})

const withUrl = all.filter(([, { features }]) => features.elicitation === 'form+url')

test.each(withUrl)('%s: a client without forms is sent to a page where the author says so', async (_, revision) => {
  const options: PeerOptions = {
    capabilities: { elicitation: { url: {} } },
    onInput: ({ params }) => ({ action: params?.['mode'] === 'url' ? 'accept' : 'cancel' }),
  }
  const work = async (ctx: InteractiveContext): Promise<string> => {
    const answer = await ctx.elicit({
      message: 'Which day?',
      schema,
      otherwise: async () => {
        const { action } = await ctx.elicit({ message: 'Choose a day', url: 'https://example.com/days' })
        return action === 'accept' ? { action, content: { day: 'chosen there' } } : { action }
      },
    })
    return answer.action === 'accept' ? String(answer.content['day']) : answer.action
  }
  expect(await worked(work, revision, options)).toEqual([text('chosen there')])
})

test.each(all)('%s: without that it is an error that names what the client lacks', async (_, revision) => {
  const faults: unknown[] = []
  const work = (ctx: InteractiveContext) =>
    ctx.elicit({ message: 'Which day?', schema }).catch((error: unknown) => {
      faults.push(error)
      return 'went on'
    })
  expect(await worked(work, revision, { capabilities: {} })).toEqual([text('went on')])
  expect(faults).toEqual([expect.any(MissingCapability)])
  expect(faults).toMatchObject([{ required: { elicitation: { form: {} } } }])
})
