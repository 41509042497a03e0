import { setTimeout } from 'node:timers/promises'
import { jsonSchema } from '@interlock/json-schema'
import { type Server, serve, server, tool } from '@interlock/server'
import { contentTools } from './content.ts'
import { prompts, resources } from './data.ts'
import { questionTools, rounds } from './questions.ts'
import { skills } from './skills.ts'
import { taskTools } from './tasks.ts'

/** Everything that the official conformance tool asks of a server. */
export function everything(): Server {
  let changes = 0
  const made = server({
    name: 'everything',
    version: '1.0.0',
    tools: [
      ...contentTools,
      ...questionTools,
      ...rounds,
      ...taskTools,
      tool(
        'test_x_mcp_header',
        {
          description: 'Takes an argument that a header repeats.',
          input: jsonSchema({ type: 'object', properties: { region: { type: 'string', 'x-mcp-header': 'Region' } } }),
        },
        ({ region }) => `region ${String(region)}`,
      ),
      tool(
        'test_reconnection',
        { description: 'Lets its client go, and has the answer when it is back.' },
        async (_, ctx) => {
          ctx.letGo(100)
          await setTimeout(100)
          return 'welcome back'
        },
      ),
      tool('test_trigger_tool_change', { description: 'Adds a tool.' }, () => {
        changes += 1
        made.add(tool(`extra_${changes}`, { description: 'Was added.' }, () => 'extra'))
        return 'added'
      }),
      tool('test_trigger_prompt_change', { description: 'Adds a prompt, and takes it away.' }, () => {
        const [first] = prompts
        if (first !== undefined) {
          made.remove(first)
          made.add(first)
        }
        return 'changed'
      }),
    ],
    resources: [...resources, ...skills.resources],
    prompts,
    extensions: [skills.extension],
  })
  return made
}

if (process.argv[1] === import.meta.filename) {
  await serve(everything(), { argv: ['--http', '--port', process.env['PORT'] ?? '3000'] })
}
