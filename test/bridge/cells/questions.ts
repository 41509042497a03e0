import type { ElicitResult, Features } from '@interlock/protocol'
import { expect } from 'vitest'
import { both, bothKnow, type Cell, said } from '../expectations.ts'
import { plainSample, toolSample } from '../server.ts'
import type { Way } from '../way.ts'

const forms = ({ elicitation }: Features): boolean => elicitation !== 'none'
const pages = ({ elicitation }: Features): boolean => elicitation === 'form+url'
const withTools = ({ samplingTools }: Features): boolean => samplingTools

/** What the client was asked during a call. */
async function asking(way: Way, tool: string): Promise<{ result: object; questions: readonly object[] }> {
  const before = way.host.asked.all.length
  const result = await way.client.callTool(`behind__${tool}`)
  return { result, questions: way.host.asked.all.slice(before).map(({ params }) => params) }
}

/** Nobody is asked, and whoever called is told what would have been needed. */
async function refused(way: Way, tool: string, needed: RegExp): Promise<void> {
  const before = way.host.asked.all.length
  await expect(way.client.callTool(`behind__${tool}`)).rejects.toMatchObject({
    code: -32021,
    message: expect.stringMatching(needed),
  })
  expect(way.host.asked.all).toHaveLength(before)
}

const accepted: ElicitResult = { action: 'accept', content: { day: 'Tuesday', seats: 3 } }
const answers: readonly ElicitResult[] = [accepted, { action: 'decline' }, { action: 'cancel' }]

const formCells: Cell[] = answers.map(answer => ({
  title: `a form that the user answers with ${answer.action}`,
  run: async way => {
    way.host.elicit = () => answer
    if (!both(way, forms)) return refused(way, 'form', /elicitation/)
    const { result, questions } = await asking(way, 'form')
    expect(said(result)).toEqual(answer)
    expect(questions).toEqual([
      expect.objectContaining({
        message: 'Which day?',
        requestedSchema: expect.objectContaining({
          properties: expect.objectContaining({ day: expect.objectContaining({ enum: ['Monday', 'Tuesday'] }) }),
        }),
      }),
    ])
  },
}))

export const questionCells: readonly Cell[] = [
  ...formCells,
  {
    title: 'two forms, one after the other',
    run: async way => {
      way.host.elicit = ({ message }) => (message === 'First?' ? accepted : { action: 'decline' })
      if (!both(way, forms)) return refused(way, 'twice', /elicitation/)
      const { result, questions } = await asking(way, 'twice')
      expect(said(result)).toEqual(['accept', 'decline'])
      expect(questions).toHaveLength(2)
    },
  },
  {
    title: 'what an author has for a user who cannot be asked',
    run: async way => {
      way.host.elicit = () => accepted
      const { result } = await asking(way, 'otherwise')
      const instead = { action: 'accept', content: { day: 'Tuesday', seats: 1 } }
      expect(said(result)).toEqual(both(way, forms) ? accepted : instead)
    },
  },
  {
    title: 'a page that the user is sent to',
    run: async way => {
      way.host.elicit = () => ({ action: 'accept' })
      if (!both(way, pages)) return refused(way, 'page', /elicitation/)
      const { result, questions } = await asking(way, 'page')
      expect(said(result)).toEqual({ action: 'accept' })
      expect(questions).toMatchObject([{ mode: 'url', message: 'Pay here', url: 'https://example.com/pay?order=1' }])
      const hasId = !bothKnow(way, 'ElicitRequestURLParams', 'elicitationId')
      if (!hasId) expect(questions).toMatchObject([{ elicitationId: expect.any(String) }])
    },
  },
  {
    title: 'that the user is done at the page',
    where: (near, far) => [near, far].every(revision => 'notifications/elicitation/complete' in revision.notifications),
    run: async ({ client, host, behind }) => {
      const id = crypto.randomUUID()
      host.elicit = () => {
        behind.server.pageDone(id)
        return { action: 'accept' }
      }
      await client.callTool('behind__page-done', { id })
      await host.pages.first(done => done === id)
    },
  },
  {
    title: 'a question to the model',
    run: async way => {
      way.host.sample = () => ({ role: 'assistant', model: 'm', content: { type: 'text', text: 'Paris' } })
      const { result, questions } = await asking(way, 'sample')
      expect(said(result)).toEqual({ role: 'assistant', model: 'm', content: { type: 'text', text: 'Paris' } })
      expect(questions).toMatchObject([plainSample])
    },
  },
  {
    title: 'a question to the model that may use tools',
    run: async way => {
      const use = { type: 'tool_use', id: '1', name: 'look_up', input: { word: 'France' } }
      const answer = { role: 'assistant', model: 'm', content: [use], stopReason: 'toolUse' }
      way.host.sample = () => answer
      if (!both(way, withTools)) return refused(way, 'sample-tools', /sampling/)
      const { result, questions } = await asking(way, 'sample-tools')
      expect(said(result)).toEqual(answer)
      expect(questions).toMatchObject([toolSample])
    },
  },
  {
    title: 'the roots of the client',
    run: async way =>
      expect(said((await asking(way, 'roots')).result)).toEqual([{ uri: 'file:///work', name: 'work' }]),
  },
]
