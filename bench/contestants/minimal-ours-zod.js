import { serve, server, tool } from '@interlock/server'
import { z } from 'zod'

const input = z.object({ a: z.number(), b: z.number() })
const add = tool('add', { description: 'Adds two numbers', input }, ({ a, b }) => String(a + b))
await serve(server({ name: 'minimal', version: '1.0.0', tools: [add] }))
