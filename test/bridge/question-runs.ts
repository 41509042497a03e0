import { type CreateMessageResult, code, type ElicitResult } from '@interlock/protocol'
import { expect } from 'vitest'
import { ask, type Cell, call, errorOf, type Run, textOf } from './cell.ts'
import type { End } from './ends.ts'
import type { Question } from './upstream.ts'

const said = { role: 'assistant', model: 'm', content: { type: 'text', text: 'word' } } as const

/** Nobody was asked, and whoever called learns what is missing and what to do. */
async function isRefused(cell: Cell, what: Question, names: RegExp, end: End = cell.end): Promise<void> {
  const outcome = await call(cell, 'ask', { what }, {}, end).then(textOf, (error: Error) => error.message)
  expect(outcome).toMatch(names)
}

const form: Run = async cell => {
  const { end, rule } = cell
  if (rule.kind === 'absent') return isRefused(cell, 'form', /elicitation/)
  if (rule.kind === 'refused') return isRefused(cell, 'form', /elicitation/)
  const answers: ElicitResult[] = [
    { action: 'accept', content: { day: 'Monday' } },
    { action: 'decline' },
    { action: 'cancel' },
  ]
  for (const answer of answers) {
    const asked: unknown[] = []
    end.answers = { onElicit: request => (asked.push(request), answer) }
    expect(await ask(cell, 'form')).toEqual(answer)
    expect(asked).toMatchObject([
      { message: 'Which day?', requestedSchema: { properties: { day: { type: 'string' } } } },
    ])
  }
}

const choices: Run = async cell => {
  const { end, rule } = cell
  if (rule.kind === 'absent' || rule.kind === 'refused') return isRefused(cell, 'choices', /elicitation/)
  let fields: Record<string, unknown> = {}
  const isOneLine = rule.kind === 'lowered'
  end.answers = {
    onElicit: request => {
      if ('requestedSchema' in request) fields = request.requestedSchema.properties
      return { action: 'accept', content: { size: 's', colours: isOneLine ? 'red, blue' : ['red', 'blue'] } }
    },
  }
  expect(await ask(cell, 'choices')).toEqual({ action: 'accept', content: { size: 's', colours: ['red', 'blue'] } })
  expect(fields['colours']).toMatchObject({ type: isOneLine ? 'string' : 'array' })
  if (isOneLine) expect(fields['size']).toMatchObject({ enum: ['s', 'l'], enumNames: ['Small', 'Large'] })
  else expect(fields['size']).toMatchObject({ oneOf: [{ const: 's', title: 'Small' }, { const: 'l' }] })
}

const url: Run = async cell => {
  const { end, rule } = cell
  if (rule.kind === 'absent') return isRefused(cell, 'url', /elicitation/)
  if (rule.kind === 'refused') return isRefused(cell, 'url', /elicitation.*https:\/\/example\.com\/sign-in\?a=1#b/s)
  const asked: unknown[] = []
  end.answers = { onElicit: request => (asked.push(request), { action: 'accept' }) }
  expect(await ask(cell, 'url')).toEqual({ action: 'accept' })
  expect(asked).toMatchObject([{ mode: 'url', message: 'Sign in', url: 'https://example.com/sign-in?a=1#b' }])
}

const formOrUrl: Run = async cell => {
  const { pages, rule } = cell
  if (rule.kind === 'absent') return
  if (rule.kind === 'refused') return isRefused(cell, 'formOrUrl', /elicitation/, pages)
  const asked: unknown[] = []
  pages.answers = { onElicit: request => (asked.push(request), { action: 'accept' }) }
  expect(await ask(cell, 'formOrUrl', pages)).toEqual({ action: 'accept' })
  expect(asked).toMatchObject([{ mode: 'url', url: 'https://example.com/days' }])
}

const withdraw: Run = async cell => {
  const { end, rule } = cell
  if (rule.kind === 'absent') return
  let isGone = false
  end.answers = {
    onElicit: (_, { signal }) =>
      new Promise(resolve => {
        if (rule.kind === 'lowered') setTimeout(resolve, 100, { action: 'accept', content: {} })
        signal.addEventListener('abort', () => {
          isGone = true
        })
      }),
  }
  expect(textOf(await call(cell, 'withdraw'))).toBe('withdrawn')
  if (rule.kind === 'carried') await expect.poll(() => isGone).toBe(true)
}

const complete: Run = async cell => {
  const { end, rule } = cell
  if (rule.kind === 'absent') return
  if (rule.kind === 'refused') return void expect(await errorOr(call(cell, 'page'))).toMatch(/elicitation/)
  const asked: Record<string, unknown>[] = []
  end.answers = { onElicit: request => (asked.push({ ...request }), { action: 'accept' }) }
  expect(JSON.parse(textOf(await call(cell, 'page')))).toEqual({ action: 'accept' })
  const before = end.pagesDone.all.length
  const told = rule.kind === 'carried' ? end.pagesDone.next(id => id === asked[0]?.['elicitationId']) : undefined
  await call(cell, 'page-done')
  if (told === undefined) expect(end.pagesDone.all.length).toBe(before)
  else await told
}

const errorOr = (promise: ReturnType<typeof call>): Promise<string> =>
  promise.then(textOf, (error: Error) => error.message)

const pageFirst: Run = async cell => {
  const { end, rule } = cell
  if (rule.kind === 'absent') return
  if (rule.kind === 'refused') {
    const error = await errorOf(call(cell, 'page-first'))
    expect(error.message).toContain('https://example.com/pay-first')
    expect(error.data).toMatchObject({ elicitations: [{ url: 'https://example.com/pay-first' }] })
    await call(cell, 'paid')
    expect(textOf(await call(cell, 'page-first'))).toBe('bought')
    return
  }
  const asked: unknown[] = []
  end.answers = {
    onElicit: request => {
      asked.push(request)
      setTimeout(() => void call(cell, 'paid'), 20)
      return { action: 'accept' }
    },
  }
  expect(textOf(await call(cell, 'page-first'))).toBe('bought')
  expect(asked).toMatchObject([{ mode: 'url', url: 'https://example.com/pay-first' }])
}

const sampling: Run = async cell => {
  const asked: unknown[] = []
  // Several blocks, where the client's revision has that.
  const content = cell.client.features.samplingTools
    ? [said.content, { type: 'text' as const, text: 'more' }]
    : said.content
  cell.end.answers = { onSample: request => (asked.push(request), { ...said, content } as CreateMessageResult) }
  const both = cell.client.features.samplingTools && cell.server.features.samplingTools
  const joined = cell.client.features.samplingTools ? { type: 'text', text: 'word\nmore' } : said.content
  expect(await ask(cell, 'sample')).toEqual({ ...said, content: both ? content : joined })
  expect(asked).toMatchObject([
    { messages: [{ role: 'user', content: { type: 'text', text: 'Say a word' } }], maxTokens: 10 },
  ])
}

const samplingTools: Run = async cell => {
  if (cell.rule.kind === 'absent' || cell.rule.kind === 'refused') return isRefused(cell, 'sampleTools', /sampling/)
  const use = { type: 'tool_use' as const, id: 'u2', name: 'warmth', input: { city: 'Rome' } }
  const asked: unknown[] = []
  cell.end.answers = { onSample: request => (asked.push(request), { ...said, content: [use], stopReason: 'toolUse' }) }
  expect(await ask(cell, 'sampleTools')).toMatchObject({ content: [use], stopReason: 'toolUse' })
  expect(asked).toMatchObject([{ tools: [{ name: 'warmth' }], messages: [{}, {}, { content: [{ toolUseId: 'u1' }] }] }])
}

const roots: Run = async cell => {
  cell.end.answers = { onRoots: () => [{ uri: 'file:///home', name: 'home' }] }
  expect(await ask(cell, 'roots')).toEqual([{ uri: 'file:///home', name: 'home' }])
}

const mute: Run = async cell => {
  const { features } = cell.server
  if (features.elicitation !== 'none') await isRefused(cell, 'form', /elicitation/, cell.mute)
  if (features.elicitation === 'form+url') await isRefused(cell, 'url', /elicitation/, cell.mute)
  await isRefused(cell, 'sample', /sampling/, cell.mute)
  await isRefused(cell, 'roots', /roots/, cell.mute)
  if (features.elicitation !== 'form+url' || features.era === 'modern') return
  const error = await errorOf(call(cell, 'page-first', {}, {}, cell.mute))
  expect(error.message).toContain('https://example.com/pay-first')
  expect(error.code).toBe(cell.client.features.era === 'modern' ? code.missingCapability : code.urlElicitationRequired)
}

export const questionRuns = {
  'a question that the server takes back': withdraw,
  'elicitation by form: accept, decline, cancel': form,
  'forms with titled and with several choices': choices,
  'elicitation by URL': url,
  'a form where the client has pages only': formOrUrl,
  'the error that wants the user at a page first (−32042)': pageFirst,
  '`notifications/elicitation/complete`': complete,
  sampling: sampling,
  'sampling with tools': samplingTools,
  roots: roots,
  'questions to a client without capabilities': mute,
}
