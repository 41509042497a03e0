import { connect } from '@interlock/client'
import { expect, test } from 'vitest'
import { everything } from './server.ts'

test('the fixture offers what the conformance tool asks for, in both eras', async () => {
  for (const era of ['modern', 'legacy'] as const) {
    await using client = await connect(everything(), { era })
    const tools = (await client.listTools()).map(({ name }) => name)
    expect(tools).toEqual(expect.arrayContaining(['test_simple_text', 'test_sampling', 'test_tool_with_task', 'greet']))
    expect(await client.callTool(tools[0] ?? '')).not.toHaveProperty('isError')
    const uris = (await client.listResources()).map(({ uri }) => uri)
    expect(uris).toEqual(expect.arrayContaining(['test://static-text', 'skill://examples/pdf-forms/SKILL.md']))
    expect((await client.listPrompts()).map(({ name }) => name)).toContain('test_prompt_with_arguments')
  }
})
