import { type CreateMessageResult, code, type ElicitResult } from '@interlock/protocol'
import { expect } from 'vitest'
import { examples } from '../../tools/bridge/examples.ts'
import { ask, type Cell, call, errorOf, fresh, type Run, textOf } from './cell.ts'
import type { ClientEnd } from './client-end.ts'
import { both } from './expectations.ts'
import type { Question } from './tools.ts'

const said = { role: 'assistant', model: 'm', content: { type: 'text', text: 'word' } } as const

/** Nobody is asked, and whoever called learns what is missing and what to do. */
export async function isRefused(end: ClientEnd, what: Question, names: RegExp): Promise<void> {
  const before = end.host.asked.all.length
  const error = await errorOf(call(end, 'ask', { what }))
  expect(error.message).toMatch(names)
  expect(error.code).toBe(code.missingCapability)
  expect(end.host.asked.all).toHaveLength(before)
}

/** Whether the question does not come through: its server's revision or its client's has no such thing. */
export const isUnasked = ({ rule }: Cell): boolean => rule.kind === 'absent' || rule.kind === 'refused'

const accepted: ElicitResult = { action: 'accept', content: { day: 'Tuesday', seats: 3 } }

const form: Run = async cell => {
  const { end } = cell
  if (isUnasked(cell)) return isRefused(end, 'form', /elicitation/)
  const answers: ElicitResult[] = [accepted, { action: 'decline' }, { action: 'cancel' }]
  for (const answer of answers) {
    end.host.answers.elicit = () => answer
    const { answer: heard, questions } = await ask(end, 'form')
    expect(heard).toEqual(answer)
    expect(questions).toMatchObject([
      {
        message: 'Which day?',
        requestedSchema: {
          properties: { day: { type: 'string', enum: ['Monday', 'Tuesday'] }, seats: { type: 'number', default: 2 } },
        },
      },
    ])
  }
}

const two: Run = async cell => {
  const { end } = cell
  if (isUnasked(cell)) return isRefused(end, 'two', /elicitation/)
  end.host.answers.elicit = ({ message }) => (message === 'First?' ? accepted : { action: 'decline' })
  const { answer, questions } = await ask(end, 'two')
  expect(answer).toEqual(['accept', 'decline'])
  expect(questions.map(({ message }) => message)).toEqual(['First?', 'Second?'])
}

const otherwise: Run = async cell => {
  const { end } = cell
  const isAsked = both(cell, ({ elicitation }) => elicitation !== 'none')
  end.host.answers.elicit = () => accepted
  const { answer, questions } = await ask(end, 'otherwise')
  expect(answer).toEqual(isAsked ? accepted : { action: 'accept', content: { day: 'Tuesday', seats: 1 } })
  expect(questions).toHaveLength(isAsked ? 1 : 0)
}

const choices: Run = async cell => {
  const { end, rule } = cell
  if (isUnasked(cell)) return isRefused(end, 'choices', /elicitation/)
  const isOneLine = rule.kind === 'lowered'
  end.host.answers.elicit = () => ({
    action: 'accept',
    content: { size: 's', colours: isOneLine ? 'red, blue' : ['red', 'blue'] },
  })
  const { answer, questions } = await ask(end, 'choices')
  expect(answer).toEqual({ action: 'accept', content: { size: 's', colours: ['red', 'blue'] } })
  const size = isOneLine
    ? { enum: ['s', 'l'], enumNames: ['Small', 'Large'] }
    : { oneOf: [{ const: 's', title: 'Small' }, { const: 'l' }] }
  const colours = { type: isOneLine ? 'string' : 'array' }
  expect(questions).toMatchObject([{ requestedSchema: { properties: { size, colours } } }])
}

/** By form where both have that, and as a question to the model. */
const withdraw: Run = async cell => {
  const { end, rule } = cell
  if (rule.kind === 'absent') return isKept(cell)
  const hasForms = both(cell, ({ elicitation }) => elicitation !== 'none')
  for (const what of hasForms ? ['form', 'sample'] : ['sample']) {
    const word = fresh()
    let isGone = false
    let answer = (): void => {}
    const asked = (_: object, signal: AbortSignal): Promise<never> => {
      void call(end, 'say', { word })
      return new Promise((resolve, reject) => {
        answer = () => resolve((what === 'form' ? { action: 'accept', content: {} } : said) as never)
        signal.addEventListener('abort', () => {
          isGone = true
          reject(new Error('nobody waits for it any more'))
        })
        if (rule.kind === 'lowered') answer()
      })
    }
    end.host.answers = { elicit: asked, sample: asked }
    expect(textOf(await call(end, 'withdraw', { what, word }))).toBe('withdrawn')
    if (rule.kind === 'carried') await expect.poll(() => isGone, { interval: 2 }).toBe(true)
  }
}

/** Where the question is the answer, it cannot be taken back. */
async function isKept({ end }: Cell): Promise<void> {
  end.host.answers.sample = () => said
  const word = fresh()
  expect(JSON.parse(textOf(await call(end, 'withdraw', { what: 'sample', word })))).toMatchObject(said)
}

const sampling: Run = async cell => {
  const { end, client, route } = cell
  // Several blocks, where the client's revision has that. The official clients want tools for them.
  const isMany = client.features.samplingTools && route.client.make === 'own'
  const content = isMany ? [said.content, { type: 'text' as const, text: 'more' }] : said.content
  end.host.answers.sample = () => ({ ...said, content }) as CreateMessageResult
  const joined = isMany ? { type: 'text', text: 'word\nmore' } : said.content
  const { answer, questions } = await ask(end, 'sample')
  expect(answer).toEqual({ ...said, content: both(cell, ({ samplingTools }) => samplingTools) ? content : joined })
  expect(questions).toMatchObject([{ ...examples.sampling }])
}

const samplingTools: Run = async cell => {
  const { end } = cell
  if (isUnasked(cell)) return isRefused(end, 'sampleTools', /sampling/)
  const use = { type: 'tool_use' as const, id: 'u2', name: 'warmth', input: { city: 'Rome' } }
  const expected = { ...said, content: [use], stopReason: 'toolUse' }
  end.host.answers.sample = () => expected
  const { answer, questions } = await ask(end, 'sampleTools')
  expect(answer).toEqual(expected)
  expect(questions).toMatchObject([{ ...examples.samplingTools }])
}

const roots: Run = async ({ end }) => {
  end.host.answers.roots = () => [{ uri: 'file:///home', name: 'home' }]
  expect((await ask(end, 'roots')).answer).toEqual([{ uri: 'file:///home', name: 'home' }])
}

/** The server hears of it, or has the new ones from the next question. */
const rootsChanged: Run = async ({ end, rule }) => {
  if (end.own === undefined) throw new Error('only our own client is tried with this')
  const before = Number(textOf(await call(end, 'roots-changes')))
  end.host.answers.roots = () => [{ uri: 'file:///elsewhere', name: 'elsewhere' }]
  await end.own.rootsChanged()
  if (rule.kind === 'carried') await call(end, 'until', { word: `${before + 1} changes of roots` })
  expect((await ask(end, 'roots')).answer).toEqual([{ uri: 'file:///elsewhere', name: 'elsewhere' }])
  const after = Number(textOf(await call(end, 'roots-changes')))
  expect(after - before).toBe(rule.kind === 'carried' ? 1 : 0)
}

export const questionRuns = {
  'a question that the server takes back': withdraw,
  'elicitation by form: accept, decline, cancel': form,
  'two questions, one after the other': two,
  'what an author has for a user who cannot be asked': otherwise,
  'forms with titled and with several choices': choices,
  sampling: sampling,
  'sampling with tools': samplingTools,
  roots: roots,
  'changes of roots': rootsChanged,
} satisfies Readonly<Record<string, Run>>
