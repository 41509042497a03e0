/** Interlock as its users run it: the built packages, `serve`, every check at its default. */
import { jsonSchema } from '@interlock/json-schema'
import { serve, server, tool } from '@interlock/server'
import { z } from 'zod'
import { blob, isPayload, description as payload } from './payload.js'
import { bigText, description, flood, floodText, moreDescription, moreTools, text10k } from './shared.js'

const withZod = {
  numbers: z.object({ a: z.number(), b: z.number() }),
  text: z.object({ text: z.string() }),
  nothing: z.object({}),
  query: z.object({ query: z.string(), limit: z.number(), exact: z.boolean() }),
  size: z.object({ bytes: z.number() }),
}

const object = properties => jsonSchema({ type: 'object', properties, required: Object.keys(properties) })
const withJsonSchema = {
  numbers: object({ a: { type: 'number' }, b: { type: 'number' } }),
  text: object({ text: { type: 'string' } }),
  nothing: object({}),
  query: object({ query: { type: 'string' }, limit: { type: 'number' }, exact: { type: 'boolean' } }),
  size: object({ bytes: { type: 'number' } }),
}

const input = process.env.SCHEMA === 'json-schema' ? withJsonSchema : withZod
const payloadTools = [
  tool('sink', { description: payload.sink, input: input.text }, ({ text }) => String(text.length)),
  tool('blob', { description: payload.blob, input: input.size }, ({ bytes }) => blob(bytes)),
]
const tools = [
  tool('add', { description: description.add, input: input.numbers }, ({ a, b }) => String(a + b)),
  tool('echo', { description: description.echo, input: input.text }, ({ text }) => text),
  tool('text10k', { description: description.text10k, input: input.nothing }, () => text10k),
  tool('steps', { description: description.steps, input: input.numbers }, ({ a, b }, ctx) => {
    ctx.progress(1, 2)
    return String(a + b)
  }),
  ...(process.env.BIG
    ? [
        tool('big', { input: input.nothing }, () => bigText()),
        tool('flood', { input: input.nothing }, (_, ctx) => {
          for (let step = 1; step <= flood; step += 1) ctx.progress(step, flood, floodText)
        }),
      ]
    : []),
  ...moreTools.map(name => tool(name, { description: moreDescription, input: input.query }, ({ query }) => query)),
]

const auth = process.env.ISSUER ? (await import('./ours-protection.js')).auth : undefined
const options = process.env.HTTP ? { argv: ['--http', '--port=0'], ...(auth && { auth }) } : {}
await serve(server({ name: 'ours', version: '1.0.0', tools: isPayload ? payloadTools : tools }), options)
