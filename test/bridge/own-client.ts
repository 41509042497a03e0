import { connect, type HostCallbacks } from '@interlock/client'
import type { Transport } from '@interlock/protocol'
import { httpTransport } from '@interlock/transport'
import { stdioTransport } from '@interlock/transport/stdio'
import { declared, HostSide, type Speak } from './client-end.ts'

/** Our own client, held to one revision. */
export const own: Speak = async ({ revision, kind, binding, doors: { url, launch } }) => {
  const host = new HostSide()
  const { full, mute, pages } = declared
  const transport = binding === 'http' ? httpTransport(url) : stdioTransport(launch)
  const client = await connect(tapped(transport, host.codes), {
    ...callbacks(host),
    revisions: [revision.version],
    capabilities: { full, mute, pages }[kind],
    pageMs: 5_000,
    cache: false,
  })
  client.onChange(change => host.changes.add(change))
  return {
    host,
    own: client,
    capabilities: client.server.capabilities,
    request: async (method, params = {}, { signal, onProgress } = {}) => {
      const options = { ...(signal && { signal }), ...(onProgress && { onProgress }) }
      return (await client.request(method, params, options)) as Record<string, unknown> // results are objects
    },
    subscribe: uri => client.subscribe(uri, changed => host.changes.add({ kind: 'resource', uri: changed })),
    setLogLevel: level => client.setLogLevel(level),
    close: () => client.close(),
  }
}

const callbacks = (host: HostSide): HostCallbacks => ({
  elicitUrl: true,
  sampleTools: true,
  onElicit: (params, { signal }) => host.elicit(params, signal),
  onSample: (params, { signal }) => host.sample(params, signal),
  onRoots: () => host.roots(),
  onPageDone: id => host.pagesDone.add(id),
  onLog: message => host.logs.add(message),
})

function tapped(transport: Transport, codes: number[]): Transport {
  const exchange = transport.exchange.bind(transport)
  transport.exchange = async (...args) => {
    const reply = await exchange(...args)
    if ('error' in reply.response) codes.push(reply.response.error.code)
    return reply
  }
  return transport
}
