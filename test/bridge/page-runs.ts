import { code, type Features } from '@interlock/protocol'
import { expect } from 'vitest'
import { ask, type Cell, call, errorOf, type Run, textOf } from './cell.ts'
import { both, bothKnow } from './expectations.ts'
import { isRefused, isUnasked } from './question-runs.ts'

const hasPages = ({ elicitation }: Features): boolean => elicitation === 'form+url'

const url: Run = async cell => {
  const { end, rule } = cell
  if (rule.kind === 'absent') return isRefused(end, 'url', /elicitation/)
  if (isUnasked(cell)) return isRefused(end, 'url', /elicitation.*https:\/\/example\.com\/sign-in\?a=1#b/s)
  end.host.answers.elicit = () => ({ action: 'accept' })
  const { answer, questions } = await ask(end, 'url')
  expect(answer).toEqual({ action: 'accept' })
  const hasId = bothKnow(cell, 'ElicitRequestURLParams', 'elicitationId')
  expect(questions).toMatchObject([
    {
      mode: 'url',
      message: 'Sign in',
      url: 'https://example.com/sign-in?a=1#b',
      ...(hasId ? { elicitationId: expect.any(String) } : {}),
    },
  ])
}

const formOrUrl: Run = async cell => {
  // Where there are no pages, no client has only those.
  await using opened = await usable(cell, hasPages(cell.client.features) ? 'pages' : 'mute')
  const { end } = opened
  if (isUnasked(cell)) return await isRefused(end, 'formOrUrl', /elicitation/)
  end.host.answers.elicit = () => ({ action: 'accept' })
  const { answer, questions } = await ask(end, 'formOrUrl')
  expect(answer).toEqual({ action: 'accept' })
  expect(questions).toMatchObject([{ mode: 'url', url: 'https://example.com/days' }])
}

async function usable(cell: Cell, kind: 'mute' | 'pages') {
  const end = await cell.open(kind)
  return { end, [Symbol.asyncDispose]: async () => void (await end.close()) }
}

/** The server says that the user is done there, once while they are asked, and once after they agreed. */
const pageDone: Run = async cell => {
  const { end, rule } = cell
  if (!both(cell, hasPages)) {
    const before = end.host.asked.all.length
    const error = await errorOf(call(end, 'page'))
    expect(error.message).toMatch(/elicitation/)
    return expect(end.host.asked.all).toHaveLength(before)
  }
  const { pagesDone, asked } = end.host
  for (const isEarly of [true, false]) {
    const before = pagesDone.all.length
    end.host.answers.elicit = async () => {
      if (isEarly) await call(end, 'page-done')
      return { action: 'accept' }
    }
    const isMeant = (id: string): boolean => id === asked.all.at(-1)?.params['elicitationId']
    const told = rule.kind === 'carried' ? pagesDone.next(isMeant) : undefined
    expect(JSON.parse(textOf(await call(end, 'page')))).toEqual({ action: 'accept' })
    if (!isEarly) await call(end, 'page-done')
    if (told === undefined) expect(pagesDone.all).toHaveLength(before)
    else await told
  }
}

const pageFirst: Run = async cell => {
  const { end, rule } = cell
  if (rule.kind === 'absent') {
    // A server may send it all the same; whether its user is asked then is up to the client.
    end.host.answers.elicit = () => ({ action: 'decline' })
    return expect((await errorOf(call(end, 'page-first'))).message).toContain('You have to pay first')
  }
  if (rule.kind === 'refused') {
    const error = await errorOf(call(end, 'page-first'))
    expect(error.message).toContain('https://example.com/pay-first')
    expect(error.data).toMatchObject({ elicitations: [{ url: 'https://example.com/pay-first' }] })
    await call(end, 'paid')
    return expect(textOf(await call(end, 'page-first'))).toBe('bought')
  }
  const before = end.host.asked.all.length
  end.host.answers.elicit = () => {
    setTimeout(() => void call(end, 'paid'), 20) // after the answer
    return { action: 'accept' }
  }
  expect(textOf(await call(end, 'page-first'))).toBe('bought')
  expect(end.host.asked.all.slice(before)).toMatchObject([
    { params: { mode: 'url', url: 'https://example.com/pay-first' } },
  ])
}

const mute: Run = async cell => {
  const { client, server } = cell
  await using opened = await usable(cell, 'mute')
  const { end } = opened
  await isRefused(end, 'form', /elicitation/)
  await isRefused(end, 'url', /elicitation/)
  await isRefused(end, 'sample', /sampling/)
  await isRefused(end, 'roots', /roots/)
  if (server.features.elicitation !== 'form+url' || server.features.era === 'modern') return
  const error = await errorOf(call(end, 'page-first'))
  expect(error.message).toContain('https://example.com/pay-first')
  expect(error.code).toBe(client.features.era === 'modern' ? code.missingCapability : code.urlElicitationRequired)
}

export const pageRuns = {
  'elicitation by URL': url,
  'a form where the client has pages only': formOrUrl,
  'the error that wants the user at a page first (−32042)': pageFirst,
  '`notifications/elicitation/complete`': pageDone,
  'questions to a client without capabilities': mute,
} satisfies Readonly<Record<string, Run>>
