/** No schema library: a tool may have no input, or check it by itself. */
import { serve, server, tool } from '@interlock/server'

const add = tool('add', { description: 'Adds two numbers' }, ({ a, b }) => String(a + b))
await serve(server({ name: 'minimal', version: '1.0.0', tools: [add] }))
