import { isObject, ResourceNotFound } from '@interlock/protocol'
import { expect } from 'vitest'
import { both, bothKnow, type Cell, structure, unsigned, without } from '../expectations.ts'
import { blocks, results } from '../samples.ts'
import type { Way } from '../way.ts'

const show = async (way: Way, kind: string): Promise<object> =>
  unsigned(await way.client.callTool('behind__show', { kind }))

/** A block as it arrives: itself, or the text that stands for it. */
function arriving(way: Way, kind: keyof typeof blocks): object {
  const { annotations, _meta } = blocks[kind]
  const { link } = blocks
  const instead = (text: unknown): object => ({ type: 'text', text, annotations, _meta })
  switch (kind) {
    case 'audio':
      return both(way, ({ audio }) => audio) ? blocks[kind] : instead(expect.stringContaining('audio/wav'))
    case 'link':
      if (!both(way, ({ resourceLinks }) => resourceLinks)) return instead(`${link.title}: ${link.uri}`)
      return bothKnow(way, 'ResourceLink', 'icons') ? link : without(link, 'icons')
    default:
      return blocks[kind]
  }
}

const kinds = Object.keys(blocks) as (keyof typeof blocks)[]

const contents: Cell[] = kinds.map(kind => ({
  title: `content of the kind ${kind}`,
  run: async way => expect(await show(way, kind)).toEqual({ content: [arriving(way, kind)] }),
}))

export const resultCells: readonly Cell[] = [
  ...contents,
  {
    title: 'content of every kind in a prompt',
    run: async way => {
      const { messages } = await way.client.getPrompt('behind__blocks')
      expect(messages).toEqual(kinds.map(kind => ({ role: 'user', content: arriving(way, kind) })))
    },
  },
  {
    title: 'structured content that is an object',
    run: async way => {
      const expected =
        structure(way) === 'none' ? without(results['object'] ?? {}, 'structuredContent') : results['object']
      expect(await show(way, 'object')).toEqual(expected)
    },
  },
  {
    title: 'structured content that is a list',
    run: async way => {
      const { content } = results['list'] ?? {}
      const structuredContent = { none: {}, object: { structuredContent: { result: [1, 2] } }, any: results['list'] }
      expect(await show(way, 'list')).toEqual({ content, ...structuredContent[structure(way)] })
    },
  },
  {
    title: 'structured content without a text beside it',
    run: async way => {
      const asText = { content: [{ type: 'text', text: '{"total":3}' }] }
      expect(await show(way, 'bare')).toEqual(structure(way) === 'none' ? asText : results['bare'])
    },
  },
  {
    title: 'members and _meta that no revision knows',
    run: async way => {
      const meta = { 'example.org/sent': { deep: [true] } }
      const params = { name: 'behind__show', arguments: { kind: 'unknown' }, unheard: ['of'], _meta: meta }
      const received = way.behind.params.next(params => 'unheard' in params)
      expect(unsigned(await way.client.request('tools/call', params))).toEqual(results['unknown'])
      expect(await received).toMatchObject({ name: 'show', unheard: ['of'], _meta: meta })
    },
  },
  {
    title: 'a tool that fails',
    run: async way =>
      expect(unsigned(await way.client.callTool('behind__fail'))).toEqual({
        content: [{ type: 'text', text: 'it failed' }],
        isError: true,
      }),
  },
  {
    title: "an error of the server's own",
    run: async way =>
      expect(way.client.callTool('behind__refuse')).rejects.toMatchObject({
        code: -32050,
        message: 'not today',
        data: { why: ['closed'] },
      }),
  },
  {
    title: 'a tool that nobody has',
    run: async way =>
      expect(way.client.callTool('behind__nowhere')).rejects.toMatchObject({
        code: -32602,
        message: expect.stringContaining('behind__nowhere'),
      }),
  },
  ...['behind://missing/1', 'nowhere://at/all'].map(uri => ({
    title: `a resource that is not there: ${uri}`,
    run: async ({ client, host, near }: Way) => {
      const before = host.codes.length
      const error: unknown = await client.readResource(uri).catch(reason => reason)
      expect(error).toBeInstanceOf(ResourceNotFound)
      expect(isObject(error) && error['data']).toEqual({ uri })
      expect(host.codes.slice(before)).toEqual([near.features.resourceNotFound])
    },
  })),
]
