import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { type Face, faces, type Notice, textOf } from './faces/index.ts'
import { behind, type House, house } from './house.ts'

const person = { day: 'Monday', name: 'Ada', check: true }

/**
 * What every client can do with every server behind the gateway, over one transport in front of it. `more` adds tests
 * that are worth one transport only.
 */
export function throughGateway(transport: 'http' | 'stdio', more?: (home: () => House) => void): void {
  let home: House

  beforeAll(async () => {
    home = await house()
  })
  afterAll(() => home[Symbol.asyncDispose]())

  more?.(() => home)

  describe.each(faces)(`$name client, $era era, over ${transport}`, kind => {
    let face: Face
    let asked: string[]

    beforeAll(async () => {
      asked = []
      face = await kind.open(transport === 'http' ? await home.http() : home.stdio, message => {
        asked.push(message)
        return { action: 'accept', content: message.startsWith('Which') ? { day: person.day } : { name: person.name } }
      })
    })
    afterAll(async () => {
      await face?.[Symbol.asyncDispose]()
      expect(await home.left(5_000)).toEqual([])
    })

    const text = async (name: string, args?: Readonly<Record<string, unknown>>): Promise<string> =>
      (await face.callTool(name, args)).content.map(textOf).join('\n')

    test('offers the tools of all servers as server__tool', async () => {
      const names = (await face.listTools()).map(tool => tool.name)
      for (const server of behind) expect(names.filter(name => name.startsWith(`${server}__`))).not.toEqual([])
      expect(names.filter(name => !/^[A-Za-z0-9_-]{1,64}$/.test(name))).toEqual([])
      expect(new Set(names).size).toBe(names.length)
      if (face.revision !== 'unknown') expect(face.revision >= '2026').toBe(kind.era === 'modern')
    })

    test('calls a tool of each server', async () => {
      const path = `${home.folder.path}/note.txt`
      expect(await text('everything__echo', { message: 'hello' })).toBe('Echo: hello')
      expect(await text('everything_http__get-sum', { a: 2, b: 40 })).toBe('The sum of 2 and 40 is 42.')
      expect(await text('official_files__read_text_file', { path })).toBe('all is well')
      expect(await text('fast__multiply', { a: 6, b: 7 })).toBe('42')
      expect(await text('files__read_file', { path: 'note.txt' })).toContain('all is well')
      expect(await text('ours__echo', { words: 'hello' })).toBe('hello')
      expect(await text('ours_http__echo', { words: 'hello' })).toBe('hello')
    })

    test('tells a tool error from a protocol error', async () => {
      const wrong = await face
        .callTool('fast__multiply', { a: 'six' })
        .catch(error => ({ isError: true, content: [], error }))
      expect(wrong.isError).toBe(true)
      await expect(face.callTool('ours__ecko')).rejects.toThrow(/Unknown tool: ours__ecko/)
    })

    test('passes unknown members untouched', async () => {
      const listed = (await face.listTools()).find(tool => tool.name === 'ours__echo')
      expect(listed).toMatchObject({ _meta: { 'example.org/kept': { deep: [1, null] } } })
      const meta = { 'example.org/trace': 'abc' }
      const result = await face.callTool('ours__echo', { words: 'x', unheard: ['of'] }, { meta })
      expect(result).toMatchObject({ 'x-extra': 'kept', structuredContent: { meta } })
    })

    test('reads resources, also of two servers that have the same', async () => {
      const [same = ''] = (await face.listResources()).flatMap(({ uri }) => (uri.startsWith('demo://') ? uri : []))
      const uris = (await face.listResources()).map(({ uri }) => uri)
      expect(uris).toEqual(expect.arrayContaining([same, `interlock://everything_http/${same}`, 'ours://visits']))
      const [first] = await face.readResource(same)
      expect(await face.readResource(`interlock://everything_http/${same}`)).toEqual([first])
      expect(await face.readResource('fast://motto')).toEqual(['festina lente'])
      expect(await face.readResource('ours://visits')).toEqual([expect.stringMatching(/^\d+ visits$/)])
      expect(await face.readResource('ours://colours/green')).toEqual(['{"colour":"green"}'])
      expect(await face.readResource('demo://resource/dynamic/text/7')).toEqual([
        expect.stringMatching(/^Resource 7: /),
      ])
      await expect(face.readResource('nowhere://at/all')).rejects.toThrow(/not found/i)
    })

    test('gets prompts', async () => {
      const names = (await face.listPrompts()).map(prompt => prompt.name)
      expect(names).toEqual(expect.arrayContaining(['ours__paint', 'everything__args-prompt']))
      expect(await face.getPrompt('ours__paint', { colour: 'red' })).toEqual(['Paint it red'])
      const [weather] = await face.getPrompt('everything__args-prompt', { city: 'Oslo' })
      expect(weather).toContain('Oslo')
    })

    test('completes arguments of prompts and of templates', async () => {
      const paint = { type: 'ref/prompt', name: 'ours__paint' } as const
      expect(await face.complete(paint, { name: 'colour', value: 'b' })).toEqual(['blue'])
      const team = { type: 'ref/prompt', name: 'everything__completable-prompt' } as const
      expect(await face.complete(team, { name: 'department', value: 'S' })).toEqual(['Sales', 'Support'])
      const templates = (await face.listTemplates()).map(({ uriTemplate }) => uriTemplate)
      expect(templates).toContain('ours://colours/{colour}')
      const colours = { type: 'ref/resource', uri: 'ours://colours/{colour}' } as const
      expect(await face.complete(colours, { name: 'colour', value: 'g' })).toEqual(['green'])
    })

    test.each(['ours', 'ours_http'])('hears of the progress of a tool of %s while it works', async server => {
      const steps: unknown[] = []
      const onProgress = (step: object): void => {
        steps.push(step)
        void face.callTool(`${server}__tick`)
      }
      await face.callTool(`${server}__count`, { to: 3 }, { onProgress })
      expect(steps).toEqual(
        [1, 2, 3].map(at => expect.objectContaining({ progress: at, total: 3, message: `counted ${at}` })),
      )
    })

    test.each(['ours', 'ours_http'])('hears the log of a tool of %s at the level it wants', async server => {
      const before = face.notices.all.length
      const isSaid = (level: string) => (notice: Notice) =>
        face.notices.all.indexOf(notice) >= before && notice.kind === 'log' && notice.level === level
      await face.callTool(`${server}__murmur`)
      expect(await face.notices.first(isSaid('error'))).toEqual({
        kind: 'log',
        level: 'error',
        data: { said: 'error' },
      })
      expect(face.notices.all.filter(isSaid('info'))).toHaveLength(1)
      expect(face.notices.all.filter(isSaid('debug'))).toHaveLength(0)
    })

    test('hears of the progress of a server with sessions', async () => {
      const steps: number[] = []
      const args = { duration: 0.3, steps: 3 }
      const name = 'everything_http__trigger-long-running-operation'
      await face.callTool(name, args, { onProgress: ({ progress }) => steps.push(progress) })
      // The official clients lose steps that they read together with the result.
      expect(steps[0]).toBe(1)
    })

    test.each(['ours__wait', 'ours_http__wait'])('cancels %s at its server', async name => {
      const before = await home.journal('cancelled')
      const stop = new AbortController()
      const started = new Promise<void>(resolve => {
        void face.callTool(name, {}, { signal: stop.signal, onProgress: () => resolve() }).catch(() => {})
      })
      await started
      stop.abort()
      await home.journalled('cancelled', before + 1)
    })

    test('lets the user be asked by a stateless server', async () => {
      asked.splice(0)
      expect(await text('ours__book', { hotel: 'Ritz' })).toMatch(/^Ritz on Monday, room \d+$/)
      expect(asked).toEqual(['Which day at Ritz?'])
      expect(await text('ours_http__book', { hotel: 'Savoy' })).toMatch(/^Savoy on Monday, room \d+$/)
    })

    test.each(['everything', 'everything_http'])(
      'lets the user be asked by a server with sessions: %s',
      async server => {
        asked.splice(0)
        expect(await text(`${server}__trigger-elicitation-request`)).toContain('- Name: Ada')
        expect(asked).toEqual(['Please provide inputs for the following fields:'])
      },
    )

    test('follows a list of tools that changes, and a resource', async () => {
      await face.listen('ours://visits')
      const grown = face.notices.next(({ kind }) => kind === 'tools')
      await face.callTool('ours__grow')
      onTestFinished(async () => void (await face.callTool('ours__shrink').catch(() => {})))
      await grown
      expect(await text('ours__added')).toBe('I am new')
      const updated = face.notices.next(notice => notice.kind === 'resource' && notice.uri === 'ours://visits')
      await face.callTool('ours__visit')
      await updated
      const shrunk = face.notices.next(({ kind }) => kind === 'tools')
      await face.callTool('ours__shrink')
      await shrunk
      expect((await face.listTools()).map(tool => tool.name)).not.toContain('ours__added')
    })

    test('follows a resource of a server with sessions', async () => {
      const uri = 'demo://resource/dynamic/text/1'
      await face.listen(uri)
      const updated = face.notices.next(notice => notice.kind === 'resource' && notice.uri === uri)
      await face.callTool('everything__toggle-subscriber-updates')
      onTestFinished(async () => void (await face.callTool('everything__toggle-subscriber-updates')))
      await updated
    })

    test('gives each of many calls at once its own answer', async () => {
      const words = Array.from({ length: 100 }, (_, index) => `word ${index}`)
      const answers = words.map((word, index) =>
        index % 2 === 0 ? text('ours__echo', { words: word }) : text('everything__echo', { message: word }),
      )
      const expected = words.map((word, index) => (index % 2 === 0 ? word : `Echo: ${word}`))
      expect(await Promise.all(answers)).toEqual(expected)
    })
  })
}
