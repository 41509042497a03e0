import { PassThrough } from 'node:stream'
import { stripVTControlCharacters } from 'node:util'
import type { ElicitRequestParams } from '@interlock/protocol'
import { expect, test } from 'vitest'
import { askPerson } from './ask-person.ts'
import type { Io } from './io.ts'

/** A terminal at which somebody answers each prompt with the next of the answers. */
function terminal(answers: readonly string[]): { io: Io; shown: () => string } {
  const stdin = Object.assign(new PassThrough(), { isTTY: true })
  const stderr = Object.assign(new PassThrough(), { isTTY: true })
  const left = [...answers]
  let shown = ''
  stderr.on('data', (text: Buffer) => {
    shown += String(text)
    if (!/(?:: |\] )$/.test(stripVTControlCharacters(String(text)))) return
    const answer = left.shift()
    if (answer === undefined) stdin.end()
    else stdin.write(`${answer}\n`)
  })
  const io: Io = { stdin, stdout: new PassThrough(), stderr, signal: new AbortController().signal, env: {}, cwd: '/' }
  return { io, shown: () => shown }
}

const form: ElicitRequestParams = {
  mode: 'form',
  message: 'Who are you?',
  requestedSchema: {
    type: 'object',
    properties: { name: { type: 'string' }, age: { type: 'integer', default: 30 } },
    required: ['name'],
  },
}

test('who asks, each field until it fits, then the question whether to send', async () => {
  const { io, shown } = terminal(['', 'Ada', 'old', '', 'y'])
  expect(await askPerson(io, form, 'files')).toEqual({ action: 'accept', content: { name: 'Ada', age: 30 } })
  expect(shown()).toMatch(/^\nserver "files" asks: Who are you\?\n[\s\S]*is required[\s\S]*must be a number/)
})

test('nothing is sent without a yes, and the end of the input is no answer', async () => {
  expect(await askPerson(terminal(['Ada', '', 'n']).io, form, 'files')).toEqual({ action: 'decline' })
  expect(await askPerson(terminal(['Ada']).io, form, 'files')).toEqual({ action: 'cancel' })
})

test('questions that come at once are asked one after the other', async () => {
  const { io } = terminal(['Ada', '', 'y', 'Bob', '', 'y'])
  const answers = [askPerson(io, form, 'files'), askPerson(io, form, 'notes')]
  expect(await Promise.all(answers)).toMatchObject([{ content: { name: 'Ada' } }, { content: { name: 'Bob' } }])
})

const page = (url: string): ElicitRequestParams => ({ mode: 'url', message: 'Sign in', url })

test('a page is shown whole, with whom it belongs to, and accepted with a yes', async () => {
  const { io, shown } = terminal(['y'])
  const url = 'https://bank.example@evil.example/sign-in?state=1'
  expect(await askPerson(io, page(url), 'files')).toEqual({ action: 'accept' })
  expect(shown()).toContain(url)
  expect(shown()).toContain('belongs to evil.example\n')
  expect(await askPerson(terminal(['']).io, page(url), 'files')).toEqual({ action: 'decline' })
})

test('a name in another alphabet shows as what it is', async () => {
  const { io, shown } = terminal(['n'])
  await askPerson(io, page('https://b\u0430nk.example/'), 'files')
  expect(shown()).toContain('xn--')
})

test.each(['javascript:alert(1)', 'file:///etc/passwd', 'no page'])('%s is never offered', async url => {
  const { io, shown } = terminal(['y'])
  expect(await askPerson(io, page(url), 'files')).toEqual({ action: 'decline' })
  expect(shown()).toContain('is no page of the web')
})

test('without a terminal everything is declined', async () => {
  const { io } = terminal([])
  const piped: Io = { ...io, stdin: new PassThrough() }
  for (const request of [form, page('https://example.com/')]) {
    expect(await askPerson(piped, request, 'files')).toEqual({ action: 'decline' })
  }
})
