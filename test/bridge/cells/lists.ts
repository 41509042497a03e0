import { exposedName } from '@interlock/gateway'
import type { Params } from '@interlock/protocol'
import { expect } from 'vitest'
import { bothKnow, type Cell, knows } from '../expectations.ts'
import { described, longList } from '../samples.ts'
import { listHint } from '../server.ts'
import type { Way } from '../way.ts'
import { outcomeOf } from './outcome.ts'

/** What an entry of a list says of itself, as it arrives. */
function describing(way: Way, definition: string): object {
  const { title, icons, ...always } = described
  return {
    ...always,
    ...(bothKnow(way, definition, 'title') ? { title } : {}),
    ...(bothKnow(way, definition, 'icons') ? { icons } : {}),
  }
}

/** Where tools have no title of their own, their annotations have one, if there are any. */
function toolTitle(way: Way): object {
  if (bothKnow(way, 'Tool', 'title') || !bothKnow(way, 'Tool', 'annotations')) return {}
  return { annotations: { title: described.title } }
}

const named = <Entry extends { name: string }>(entries: readonly Entry[], name: string): Entry | undefined =>
  entries.find(entry => entry.name === name)

export const listCells: readonly Cell[] = [
  {
    title: 'what a tool says of itself',
    run: async way => {
      const schema = { properties: { total: { type: 'number' } } }
      const { inputSchema, outputSchema, ...rest } = named(await way.client.listTools(), 'behind__described') ?? {}
      expect(rest).toEqual({ name: 'behind__described', ...describing(way, 'Tool'), ...toolTitle(way) })
      expect(inputSchema).toEqual({ type: 'object', properties: {} })
      if (bothKnow(way, 'Tool', 'outputSchema')) expect(outputSchema).toMatchObject(schema)
      else expect(outputSchema).toBeUndefined()
    },
  },
  {
    title: 'what a resource, a template and a prompt say of themselves',
    run: async way => {
      const { client } = way
      const resource = named(await client.listResources(), exposedName('behind', 'behind://described'))
      expect(resource).toMatchObject({ uri: 'behind://described', ...describing(way, 'Resource') })
      expect('icons' in (resource ?? {})).toBe(bothKnow(way, 'Resource', 'icons'))
      const name = exposedName('behind', 'behind://missing/{id}')
      expect(named(await client.listResourceTemplates(), name)).toEqual({
        name,
        uriTemplate: 'behind://missing/{id}',
        ...describing(way, 'ResourceTemplate'),
      })
      const prompt = named(await client.listPrompts(), 'behind__blocks')
      expect(prompt).toEqual({
        name: 'behind__blocks',
        ...describing(way, 'Prompt'),
        description: 'every kind of content',
      })
    },
  },
  {
    title: 'a list of more than one page',
    run: async ({ client }) => {
      const page = async (params: Params): Promise<{ prompts?: unknown[]; nextCursor?: string }> =>
        client.request('prompts/list', params)
      const first = await page({})
      const second = await page({ cursor: first.nextCursor })
      expect(first.prompts).toHaveLength(1000)
      expect(second.nextCursor).toBeUndefined()
      const prompts = await client.listPrompts()
      expect([...(first.prompts ?? []), ...(second.prompts ?? [])]).toEqual(prompts)
      const expected = ['blocks', 'paint', ...longList].map(name => `behind__${name}`)
      expect(prompts.slice(0, expected.length).map(({ name }) => name)).toEqual(expected)
      await expect(client.request('prompts/list', { cursor: 'forged' })).rejects.toMatchObject({ code: -32602 })
    },
  },
  ...[
    { type: 'ref/prompt' as const, name: 'behind__paint' },
    { type: 'ref/resource' as const, uri: 'behind://colours/{colour}' },
  ].map(ref => ({
    title: `completion of ${ref.type}, knowing what was chosen before`,
    run: async (way: Way) => {
      const { completion } = await way.client.complete(ref, { name: 'colour', value: 'g' }, { mood: 'calm' })
      // Revisions that do not know the member let it pass.
      expect(completion.values).toEqual(['g after {"mood":"calm"}'])
    },
  })),
  ...['tools/list', 'prompts/list', 'resources/list', 'resources/templates/list'].map(method => ({
    title: `how long ${method} may be kept`,
    run: async (way: Way) => {
      const { cache } = await outcomeOf(way.client, method)
      const canSay = (revision: Way['near']): boolean => knows(revision, 'ListToolsResult', 'ttlMs')
      if (!canSay(way.near)) return expect(cache).toBeUndefined()
      if (!canSay(way.far)) return expect(cache).toEqual({ ttlMs: 0, scope: 'private' })
      expect(cache?.scope).toBe(listHint.scope)
      expect(cache?.ttlMs).toBeGreaterThan(listHint.ttlMs / 2)
      expect(cache?.ttlMs).toBeLessThanOrEqual(listHint.ttlMs)
    },
  })),
  {
    title: 'how long a resource may be kept',
    run: async way => {
      const { cache } = await outcomeOf(way.client, 'resources/read', { uri: 'behind://kept' })
      const canSay = bothKnow(way, 'ReadResourceResult', 'ttlMs')
      if (canSay) expect(cache).toMatchObject({ scope: 'public', ttlMs: expect.any(Number) })
      expect((cache?.ttlMs ?? 0) > 0).toBe(canSay)
    },
  },
  {
    title: 'the view that belongs to a tool',
    run: async ({ client }) => {
      const tool = named(await client.listTools(), 'behind__view')
      expect(tool?._meta).toEqual({ ui: { resourceUri: 'ui://behind/view' } })
      const { contents } = await client.readResource('ui://behind/view')
      expect(contents).toEqual([
        {
          uri: 'ui://behind/view',
          mimeType: 'text/html;profile=mcp-app',
          text: '<!doctype html><title>view</title>',
        },
      ])
    },
  },
]
