import { code, complete } from '@interlock/protocol'
import { expect, test } from 'vitest'
import { connect } from '../../connect.ts'
import { clientLimits } from '../../limits.ts'
import { modernScript, Scripted, toolResult } from '../../testing/scripted.ts'
import { MirroredParameters, mirrored } from './mirrored-parameters.ts'

test('values become text; what is absent, null or no such value has no header', () => {
  const parameters = ['text', 'count', 'flag', 'none', 'gone', 'large'].map(name => ({
    header: `mcp-param-${name}`,
    path: ['in', name],
  }))
  const args = { in: { text: 'größe', count: -7, flag: false, none: null, large: 2 ** 60 } }
  expect(mirrored(parameters, args)).toEqual({
    'mcp-param-text': '=?base64?Z3LDtsOfZQ==?=',
    'mcp-param-count': '-7',
    'mcp-param-flag': 'false',
  })
  expect(mirrored(parameters, undefined)).toEqual({})
})

test('of very many tools with broken headers a few are named and the rest is counted', () => {
  const warnings: string[] = []
  const parameters = new MirroredParameters({ name: 'it', warn: warning => warnings.push(warning) })
  const inputSchema = { type: 'object', properties: { a: { type: 'number', 'x-mcp-header': 'A' } } }
  const tools = Array.from({ length: 5_000 }, () => ({ name: 'n'.repeat(10_000), inputSchema }))
  expect(parameters.learn('tools/list', {}, complete({ tools }))).toEqual(complete({ tools: [] }))
  expect(warnings).toHaveLength(clientLimits.complaints + 1)
  expect(Math.max(...warnings.map(({ length }) => length))).toBeLessThan(300)
  expect(warnings.at(-1)).toBe('it lists 4980 more tools that are left out for their headers')
})

test('a tool that wants headers is found on whatever page of the list it is', async () => {
  const region = { type: 'string', 'x-mcp-header': 'Region' }
  const tool = (name: string) => ({ name, inputSchema: { type: 'object', properties: { region } } })
  const pages = [['a', 'b'], ['c', 'd'], ['e']]
  const peer = new Scripted(
    'http',
    modernScript(asked => {
      const { method, params, headers } = asked
      if (method === 'tools/list') {
        const at = Number(params['cursor'] ?? 0)
        const nextCursor = at + 1 < pages.length ? { nextCursor: String(at + 1) } : {}
        return asked.reply({
          resultType: 'complete',
          tools: pages[at]?.map(tool),
          ttlMs: 0,
          cacheScope: 'private',
          ...nextCursor,
        })
      }
      if (headers['mcp-param-region'] === undefined) return asked.fail(code.headerMismatch, 'no region', undefined, 400)
      asked.reply({ resultType: 'complete', ...toolResult })
    }),
  )
  await using client = await connect(peer)
  for (const name of ['c', 'a', 'e']) expect(await client.callTool(name, { region: 'eu' })).toEqual(toolResult)
  const cursors = peer.asked.flatMap(({ method, params }) => (method === 'tools/list' ? [params['cursor']] : []))
  expect(cursors).toEqual([undefined, '1', undefined, '1', '2'])
})
