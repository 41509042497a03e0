import { jsonSchema } from '@interlock/json-schema'
import { server, tool } from '@interlock/server'
import { serveStdio } from '@interlock/server/stdio'

const number = { type: 'number' }
const input = jsonSchema({ type: 'object', properties: { a: number, b: number }, required: ['a', 'b'] })
const add = tool('add', { description: 'Adds two numbers', input }, ({ a, b }) => String(a + b))
await serveStdio(server({ name: 'minimal', version: '1.0.0', tools: [add] }))
