/** No schema library: a tool may have no input, or check it by itself. */
import { server, tool } from '@interlock/server'
import { serveStdio } from '@interlock/server/stdio'

const add = tool('add', { description: 'Adds two numbers' }, ({ a, b }) => String(a + b))
await serveStdio(server({ name: 'minimal', version: '1.0.0', tools: [add] }))
