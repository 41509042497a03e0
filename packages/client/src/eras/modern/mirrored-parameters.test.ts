import { complete } from '@interlock/protocol'
import { expect, test } from 'vitest'
import { clientLimits } from '../../limits.ts'
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
