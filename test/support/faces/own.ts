import { connect } from '@interlock/client'
import { seen } from '../events.ts'
import { type Face, type FaceKind, type Notice, type OnElicit, textOf, type Way } from './face.ts'

/** Our own client, which finds out by itself what the other side speaks, or is told. */
export const ownLegacy: FaceKind = { name: 'our own', era: 'legacy', open: (...args) => open('legacy', ...args) }
export const ownModern: FaceKind = { name: 'our own', era: 'modern', open: (...args) => open(undefined, ...args) }

async function open(era: 'legacy' | undefined, way: Way, onElicit?: OnElicit): Promise<Face> {
  const notices = seen<Notice>('notice')
  const client = await connect(way.kind === 'http' ? way.url : way, {
    ...(era === undefined ? {} : { era }),
    ...(onElicit === undefined ? {} : { onElicit: ({ message }) => ({ ...onElicit(message) }) }),
    onLog: ({ level, data }) => notices.add({ kind: 'log', level, data }),
  })
  client.onChange(() => notices.add({ kind: 'tools' }), { tools: true })
  if (client.server.capabilities.logging !== undefined) await client.setLogLevel('info')
  return {
    revision: client.server.revision.version,
    notices,
    listTools: () => client.listTools(),
    listPrompts: () => client.listPrompts(),
    listResources: () => client.listResources(),
    listTemplates: () => client.listResourceTemplates(),
    async callTool(name, args = {}, { onProgress, signal, meta } = {}) {
      const params = { name, arguments: args, ...(meta === undefined ? {} : { _meta: { ...meta } }) }
      const options = {
        ...(onProgress === undefined ? {} : { onProgress }),
        ...(signal === undefined ? {} : { signal }),
      }
      const result = await client.request('tools/call', params, options)
      if (!('content' in result) || !Array.isArray(result.content)) throw new TypeError('a result without content')
      return { ...result, content: result.content }
    },
    readResource: async uri => (await client.readResource(uri)).contents.map(textOf),
    getPrompt: async (name, args) =>
      (await client.getPrompt(name, args)).messages.map(({ content }) => textOf(content)),
    complete: async (ref, argument) => (await client.complete(ref, argument)).completion.values,
    async listen(uri) {
      await client.subscribe(uri, changed => notices.add({ kind: 'resource', uri: changed }))
    },
    [Symbol.asyncDispose]: () => client.close(),
  }
}
