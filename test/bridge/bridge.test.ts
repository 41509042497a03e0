import { afterAll, beforeAll, describe, test } from 'vitest'
import { payloads } from '../../tools/bridge/payloads.ts'
import { features } from '../../tools/bridge/table.ts'
import type { ClientEnd } from './client-end.ts'
import { type Hop, hop, type Side } from './hop.ts'
import { Opened } from './opened.ts'
import { routes, titleOf } from './routes.ts'
import { runs } from './runs.ts'
import { isTried } from './tried.ts'

/**
 * The bridge: what docs/bridge.md says of every feature, between every client and every server. The table that makes the
 * page says what is to become of the feature; `routes` says between whom it is tried, and over what.
 */

const opened = new Opened()
const hops = new Map<string, Promise<Hop>>()

/** The gateway before a server, shared by all clients of it. */
function hopTo(server: Side, far: 'http' | 'stdio'): Promise<Hop> {
  const key = `${titleOf(server)} ${far}`
  const known = hops.get(key) ?? hop(server, far)
  if (!hops.has(key)) opened.add(async () => (await known)[Symbol.asyncDispose]())
  hops.set(key, known)
  return known
}

afterAll(() => opened[Symbol.asyncDispose]())

const titled = routes.map(route => ({
  ...route,
  title: `${titleOf(route.client)} on ${route.near} → ${titleOf(route.server)} on ${route.far}`,
}))

describe.each(titled)('$title', route => {
  const { client, server, near, far } = route
  let end: ClientEnd

  beforeAll(async () => {
    end = await (await hopTo(server, far)).connect(client, near, 'full')
  })
  afterAll(() => end.close())

  const tried = features.filter(({ name }) => isTried(name, Object.hasOwn(payloads, name), route))
  const rows = tried.map(({ name, judge }) => [name, judge(client.revision, server.revision)] as const)
  test.each(rows.map(([name, rule]) => [name, rule.kind, rule] as const))('%s: %s', async (name, _, rule) => {
    end.host.answers = {}
    const open: (kind: 'full' | 'mute' | 'pages') => Promise<ClientEnd> = async kind =>
      (await hopTo(server, far)).connect(client, near, kind)
    await runs[name]({ client: client.revision, server: server.revision, route, rule, end, open })
  })
})
