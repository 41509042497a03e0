import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { ConfigError, describe as describeError } from './error.ts'
import { parseConfig } from './load.ts'

const guide = readFileSync(new URL('../../../../docs/configuration.md', import.meta.url), 'utf8')
const env = { PATH: '', HOME: '/home/ann', TRACKER_TOKEN: 'token', BUILD_API_KEY: 'key', CRM_SECRET: 'secret' }

const blocks = [...guide.matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)].map(([, kind = '', text = '']) => ({ kind, text }))
const examples = blocks.filter(({ kind }) => kind === 'json' || kind === 'jsonc').map(({ text }) => text)
const wrong = blocks.flatMap(({ kind, text }, index) =>
  kind === 'jsonc wrong' ? [{ text, answer: blocks[index + 1]?.text.trimEnd() }] : [],
)

/** What an operator would read. */
function answer(text: string): string {
  try {
    return parseConfig(text, '.mcp.json', { env }).problems.map(describeError).join('\n')
  } catch (error) {
    if (error instanceof ConfigError) return describeError(error)
    throw error
  }
}

test('the guide has examples of both kinds', () => {
  expect(examples.length).toBeGreaterThanOrEqual(4)
  expect(wrong.length).toBeGreaterThanOrEqual(2)
})

test.each(examples)('an example of the guide loads: %s', text => {
  const config = parseConfig(text, '.mcp.json', { env })
  expect(config.problems).toEqual([])
  expect(config.servers.length).toBeGreaterThan(0)
  const surprises = config.notices.filter(notice => !notice.includes('VS Code'))
  expect(surprises).toEqual([])
})

test.each(blocks.filter(({ kind }) => kind === 'json').map(({ text }) => text))(
  'an example is marked json only if it is: %s',
  text => {
    expect(() => JSON.parse(text)).not.toThrow()
  },
)

test.each(wrong)('a wrong example of the guide is answered as it says: $text', ({ text, answer: expected }) => {
  expect(answer(text)).toBe(expected)
})

/** Complete by its type: a code that is added has to be added here, and then to the guide. */
const codes: Readonly<Record<ConfigError['code'], true>> = {
  file_unreadable: true,
  file_too_large: true,
  syntax: true,
  servers_missing: true,
  servers_invalid: true,
  server_name_empty: true,
  server_invalid: true,
  duplicate_key: true,
  launch_missing: true,
  launch_ambiguous: true,
  transport_unknown: true,
  transport_mismatch: true,
  member_misspelt: true,
  member_invalid: true,
  command_line: true,
  url_invalid: true,
  variable_unset: true,
  variable_unsupported: true,
  variable_malformed: true,
}

test('the guide explains every code and no other', () => {
  const explained = [...guide.matchAll(/^\| `(\w+)` \| .* \| .* \|$/gm)].map(([, code]) => code)
  expect(explained.sort()).toEqual(Object.keys(codes).sort())
})
