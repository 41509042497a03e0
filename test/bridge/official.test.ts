import { isDeepStrictEqual } from 'node:util'
import { gateway, type ServerSpec } from '@interlock/gateway'
import { legacy, newest, type Revision, revisions } from '@interlock/protocol'
import { listenHttp } from '@interlock/transport/node'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { conversations } from '../../tools/bridge/conversations.ts'
import { arriving, payloads } from '../../tools/bridge/payloads.ts'
import { speaking } from '../support/revision-proxy.ts'
import { Opened } from './ends.ts'
import { officialServer } from './official-server.ts'
import { answers, own, type Result, type Speak, type Speaker, v1, v2 } from './speakers.ts'
import { schemeOf, upstream } from './upstream.ts'

/** The official libraries at either end of the gateway, in every revision that they speak. */

interface ServerEnd {
  readonly title: string
  readonly name: string
  readonly revision: Revision
  readonly make: 'own' | 'v1'
}

interface ClientEnd {
  readonly title: string
  readonly revision: Revision
  readonly make: 'own' | 'v1' | 'v2'
  readonly speak: Speak
}

const ownServers = revisions.map(spoken => server('own', spoken))
const v1Servers = legacy.map(spoken => server('v1', spoken))
const clients: readonly ClientEnd[] = [
  ...legacy.map(spoken => client('v1', spoken, v1)),
  client('v2', newest, v2('stateless')),
  client('v2', legacy[0] ?? newest, v2('sessions')),
  ...revisions.map(spoken => client('own', spoken, own(spoken.version))),
]

function server(make: 'own' | 'v1', spoken: Revision): ServerEnd {
  return { title: `${make} server of ${spoken.version}`, name: `${make}-${schemeOf(spoken)}`, revision: spoken, make }
}

function client(make: ClientEnd['make'], spoken: Revision, speak: Speak): ClientEnd {
  return { title: `${make} client of ${spoken.version}`, revision: spoken, make, speak }
}

const opened = new Opened()
let front: URL

beforeAll(async () => {
  const specs: ServerSpec[] = []
  const official = await officialServer()
  opened.add(() => official[Symbol.asyncDispose]())
  for (const { name, make, revision: spoken } of [...ownServers, ...v1Servers]) {
    const inner = make === 'own' ? await listenHttp(upstream(spoken).receiver) : undefined
    const door = inner ?? (await speaking(spoken.version, official.url))
    opened.add(() => inner?.close(0))
    opened.add(() => (inner === undefined ? door[Symbol.asyncDispose]() : undefined))
    specs.push({ name, disabled: false, kind: 'http', url: door.url, headers: {} })
  }
  const made = gateway({ servers: specs, info: { name: 'gateway', version: '1.0.0' } })
  opened.add(() => made.close())
  await made.started
  for (const { name } of specs) {
    const status = made.servers().find(one => one.name === name)
    const end = [...ownServers, ...v1Servers].find(one => one.name === name)
    expect(status).toMatchObject({ state: 'ready', revision: end?.revision.version })
  }
  const listener = await listenHttp(made.receiver)
  opened.add(() => listener.close(0))
  front = listener.url
})
afterAll(() => opened[Symbol.asyncDispose]())

/** One of each kind: the whole table is tried with our own ends. */
const shown = [
  payloads.images,
  payloads.audio,
  payloads['resource links'],
  payloads['embedded text'],
  payloads['structured content without text'],
]

const textOf = ({ content }: Result): string =>
  content.map(block => ('text' in block ? String(block.text) : '')).join('\n')

let words = 0

describe.each(clients)('$title', end => {
  let speaker: Speaker
  const closing = new Opened()

  beforeAll(async () => {
    const door = await speaking(end.revision.version, front)
    closing.add(() => door[Symbol.asyncDispose]())
    speaker = await end.speak(door.url)
    closing.add(() => speaker.close())
  })
  afterAll(() => closing[Symbol.asyncDispose]())

  describe.each([...(end.make === 'own' ? [] : ownServers), ...v1Servers])(
    'and $title',
    ({ name, revision: far, make }) => {
      const call: Speaker['callTool'] = (tool, args, options) => speaker.callTool(`${name}__${tool}`, args, options)
      const judged = (feature: keyof typeof conversations): string => conversations[feature](end.revision, far).kind

      test('calls, and errors of tools and of the protocol', async () => {
        expect(textOf(await call('echo', { words: 'hello' }))).toBe('hello')
        expect(await call('fail', {})).toMatchObject({ isError: true, content: [{ text: 'it cannot be done' }] })
        await expect(call('ecko', {})).rejects.toThrow(/Unknown tool/)
      })

      test('content of every kind', async () => {
        for (const payload of shown) {
          const { value } = payload
          // The official server has no lowering: it is not asked for what its revision has not.
          const isUnknown =
            make === 'v1' && !isDeepStrictEqual(far.lower.results?.['tools/call']?.({ ...value }) ?? value, value)
          if (isUnknown) continue
          const { content } = arriving(end.revision, far, payload)
          expect((await call('rich', { kind: payload.about })).content).toMatchObject(known(content))
        }
      })

      test('progress', async () => {
        const heard: number[] = []
        await call('count', {}, { onProgress: ({ progress }) => heard.push(progress) })
        // The official clients lose steps that they read together with the result.
        expect(heard[0]).toBe(1)
      })

      test('cancellation', async () => {
        const stop = new AbortController()
        const word = `official ${(words += 1)}`
        const gone = call('wait', { word }, { signal: stop.signal, onProgress: () => stop.abort(new Error('enough')) })
        await expect(gone).rejects.toThrow()
        if (make === 'own') expect((await call('until', { word })).isError).not.toBe(true)
        else await expect.poll(async () => textOf(await call('noted', { word }))).toBe('true')
      })

      test('changes of the list of tools', async () => {
        const grown = speaker.changes.next(() => true)
        await call('grow', {})
        await grown
        await expect.poll(() => speaker.toolNames()).toContain(`${name}__added`)
        const shrunk = speaker.changes.next(() => true)
        await call('shrink', {})
        await shrunk
        await expect.poll(() => speaker.toolNames()).not.toContain(`${name}__added`)
      })

      test.each([
        ['form', 'elicitation by form: accept, decline, cancel', answers.form, /elicitation/i],
        ['sample', 'sampling', answers.sample, /sampling/i],
        ['roots', 'roots', answers.roots, /roots/i],
      ] as const)('the question: %s', async (what, feature, answer, missing) => {
        const said = await call('ask', { what }).then(textOf, String)
        if (judged(feature) === 'carried') expect(JSON.parse(said)).toEqual(answer)
        else expect(said).toMatch(missing)
      })
    },
  )
})

/** A list of blocks, as they are written in the examples. */
const known = (content: unknown): object[] => (Array.isArray(content) ? content : [])
