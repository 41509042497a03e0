import { join } from 'node:path'
import { type Client, connect } from '@interlock/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Served, serve } from '../../tools/conformance/processes.ts'

const root = join(import.meta.dirname, '..', '..')
const tsx = join(root, 'node_modules', 'tsx', 'dist', 'cli.mjs')

/** What the conformance tool calls by name; it fails a scenario whose tool is missing. */
const tools = `
  test_simple_text test_image_content test_audio_content test_embedded_resource test_multiple_content_types
  test_error_handling test_tool_with_progress test_tool_with_logging test_sampling test_elicitation
  test_elicitation_sep1034_defaults test_elicitation_sep1330_enums test_reconnection json_schema_2020_12_tool
  test_x_mcp_header test_missing_capability test_streaming_elicitation test_logging_tool
  test_trigger_tool_change test_trigger_prompt_change
  test_input_required_result_elicitation test_input_required_result_sampling test_input_required_result_list_roots
  test_input_required_result_request_state test_input_required_result_multiple_inputs
  test_input_required_result_multi_round test_input_required_result_tampered_state
  test_input_required_result_capabilities
  greet slow_compute failing_job protocol_error_job confirm_delete multi_input test_tool_with_task`
  .trim()
  .split(/\s+/)

const prompts = [
  'test_simple_prompt',
  'test_prompt_with_arguments',
  'test_prompt_with_embedded_resource',
  'test_prompt_with_image',
  'test_input_required_result_prompt',
]

let served: Served
beforeAll(async () => {
  served = await serve(process.execPath, [tsx, join(import.meta.dirname, 'server.ts')], 50_000)
})
afterAll(() => served[Symbol.asyncDispose]())

describe.each(['legacy', 'modern'] as const)('the fixture server, to a %s client,', era => {
  let client: Client
  beforeAll(async () => {
    client = await connect(served.url, { info: { name: 'test', version: '1.0.0' }, era })
  })
  afterAll(() => client[Symbol.asyncDispose]())

  test('lists the tools that the conformance tool calls', async () => {
    const names = (await client.listTools()).map(({ name }) => name)
    expect(names).toEqual(expect.arrayContaining(tools))
  })

  test('describes every tool, and first lists one that needs no arguments', async () => {
    const listed = await client.listTools()
    expect(listed.filter(({ description }) => description === undefined)).toEqual([])
    expect((await client.callTool(listed[0]?.name ?? '')).isError).not.toBe(true)
  })

  test('lists prompts with descriptions', async () => {
    const listed = await client.listPrompts()
    expect(listed.map(({ name }) => name)).toEqual(expect.arrayContaining(prompts))
    expect(listed.filter(({ description }) => description === undefined)).toEqual([])
  })

  test('lists resources and a template', async () => {
    expect((await client.listResources()).map(({ uri }) => uri)).toEqual(
      expect.arrayContaining([
        'test://static-text',
        'test://static-binary',
        'test://watched-resource',
        'skill://examples/pdf-forms/SKILL.md',
      ]),
    )
    expect((await client.listResourceTemplates()).map(({ uriTemplate }) => uriTemplate)).toContain(
      'test://template/{id}/data',
    )
  })
})

test('the fixture server declares the extensions for tasks and skills', async () => {
  await using client = await connect(served.url, { info: { name: 'test', version: '1.0.0' }, era: 'modern' })
  expect(client.server.capabilities.extensions).toEqual({
    'io.modelcontextprotocol/tasks': {},
    'io.modelcontextprotocol/skills': { directoryRead: true },
  })
})
