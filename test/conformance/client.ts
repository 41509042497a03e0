import { type Client, connect } from '@interlock/client'
import { modern } from '@interlock/protocol'
import { authFor } from './auth.ts'
import { useSkill } from './use-skill.ts'

/** Everything that the official conformance tool asks of a client: it says which scenario in the environment. */

type Scenario = (client: Client) => Promise<unknown>

const argumentsOf = (context: string | undefined): { name: string; arguments: Record<string, unknown> }[] =>
  (JSON.parse(context ?? '{}') as { toolCalls?: [] }).toolCalls ?? []

const callAll: Scenario = async client => {
  for (const { name } of await client.listTools()) await client.callTool(name)
}

const scenarios: Readonly<Record<string, Scenario>> = {
  initialize: client => client.listTools(),
  tools_call: async client => {
    await client.listTools()
    await client.callTool('add_numbers', { a: 5, b: 3 })
  },
  'elicitation-sep1034-client-defaults': client => client.callTool('test_client_elicitation_defaults'),
  'sse-retry': client => client.callTool('test_reconnection'),
  'request-metadata': client => client.listTools(),
  'sep-2322-client-request-state': async client => {
    await Promise.all([client.callTool('test_mrtr_echo_state'), client.callTool('test_mrtr_unrelated')])
    await client.callTool('test_mrtr_no_state')
    await client.callTool('test_mrtr_unrelated')
    await client.callTool('test_mrtr_no_result_type')
  },
  'http-standard-headers': async client => {
    await callAll(client)
    for (const { uri } of await client.listResources()) await client.readResource(uri)
    for (const { name } of await client.listPrompts()) await client.getPrompt(name)
  },
  'http-custom-headers': async client => {
    await client.listTools()
    for (const call of argumentsOf(process.env['MCP_CONFORMANCE_CONTEXT']))
      await client.callTool(call.name, call.arguments)
  },
  'http-invalid-tool-headers': callAll,
  'json-schema-ref-no-deref': client => client.listTools(),
  'json-schema-2020-12-preservation': async client => {
    const tools = await client.listTools()
    const schema = tools.find(({ name }) => name === 'json_schema_2020_12_tool')?.inputSchema
    await client.callTool('json_schema_echo', { schema })
  },
  'sep-2640-client-no-prefetch': client => client.request('skills/list'),
  'sep-2640-client-verify-digest': useSkill,
  'sep-2640-client-verify-size': useSkill,
  'sep-2640-client-verify-frontmatter': useSkill,
}

/** What all scenarios about authorization want of a client once it is logged in. */
const useTool: Scenario = async client => {
  await client.listTools()
  await client.callTool('test-tool')
}

const url = process.argv.at(-1) ?? ''
const name = process.env['MCP_CONFORMANCE_SCENARIO'] ?? ''
const version = process.env['MCP_CONFORMANCE_PROTOCOL_VERSION']
const isAuthorization = name.startsWith('auth/')
const scenario = isAuthorization ? useTool : scenarios[name]
if (scenario === undefined) throw new Error(`there is no scenario "${name}" here`)

await using client = await connect(url, {
  info: { name: 'interlock-conformance', version: '1.0.0' },
  era: modern.some(revision => revision.version === version) ? 'modern' : 'legacy',
  onElicit: request => ({
    action: 'accept',
    content:
      'requestedSchema' in request && 'confirmed' in request.requestedSchema.properties ? { confirmed: true } : {},
  }),
  onSample: () => ({ role: 'assistant', content: { type: 'text', text: 'Paris' }, model: 'conformance' }),
  onRoots: () => [{ uri: 'file:///workspace', name: 'workspace' }],
  onWarning: warning => console.error(warning),
  ...(isAuthorization && { auth: authFor(name, process.env['MCP_CONFORMANCE_CONTEXT']) }),
})
await scenario(client)
