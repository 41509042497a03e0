import { type Revision, revisions } from '@interlock/protocol'
import { afterAll, beforeAll, describe, test } from 'vitest'
import { features } from '../../tools/bridge/table.ts'
import { type End, end, front, Opened, overHttp } from './ends.ts'
import { runs } from './runs.ts'

/** Every pair of revisions, every feature: what the table says must be so. Within one process, and the servers on HTTP. */

const opened = new Opened()
const ends = new Map<Revision, Readonly<Record<'end' | 'mute' | 'pages', End>>>()

beforeAll(async () => {
  const made = await front(opened, await overHttp(opened))
  for (const revision of revisions) {
    const [full, mute, pages] = await Promise.all([
      end(made, revision, 'full'),
      end(made, revision, 'mute'),
      end(made, revision, 'pages'),
    ])
    opened.add(() => Promise.all([full.client.close(), mute.client.close(), pages.client.close()]))
    ends.set(revision, { end: full, mute, pages })
  }
})
afterAll(() => opened[Symbol.asyncDispose]())

describe.each(revisions)('a client of $version', client => {
  describe.each(revisions)('and a server of $version', server => {
    const rows = features.map(({ name, judge }) => [name, judge(client, server)] as const)
    test.each(rows.map(([name, rule]) => [name, rule.kind, rule] as const))('%s: %s', async (name, _, rule) => {
      const own = ends.get(client)
      if (own === undefined) throw new Error('no client')
      await runs[name]({ client, server, rule, ...own })
    })
  })
})
