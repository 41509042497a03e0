import { type Change, isObject } from '@interlock/protocol'
import { type Primitive, prompt, resource, tool } from '@interlock/server'
import { expect } from 'vitest'
import type { Cell } from '../expectations.ts'
import type { Way } from '../way.ts'

const nextName = (
  (count = 0) =>
  () =>
    `new-${(count += 1)}`
)()

/** Adds something while the client listens, until the client has heard and finds it listed. */
async function grows(
  way: Way,
  kind: Change['kind'],
  primitive: Primitive,
  list: () => Promise<unknown[]>,
): Promise<void> {
  const { host, behind } = way
  const isListed = async (): Promise<boolean> => JSON.stringify(await list()).includes(nameOf(primitive))
  expect(await isListed()).toBe(false)
  const after = host.changes.all.at(-1)
  behind.server.add(primitive)
  let heard = await host.changes.first(change => change.kind === kind, after)
  while (!(await isListed())) heard = await host.changes.first(change => change.kind === kind, heard)
}

const nameOf = (primitive: Primitive): string => {
  const named: unknown =
    'resource' in primitive ? primitive.resource : 'prompt' in primitive ? primitive.prompt : primitive
  return isObject(named) ? String(named['name']) : ''
}

export const changeCells: readonly Cell[] = [
  {
    title: 'a list of tools that grows',
    run: way =>
      grows(
        way,
        'tools',
        tool(nextName(), {}, () => 'new'),
        () => way.client.listTools(),
      ),
  },
  {
    title: 'a list of prompts that grows',
    run: way =>
      grows(
        way,
        'prompts',
        prompt(nextName(), {}, () => 'new'),
        () => way.client.listPrompts(),
      ),
  },
  {
    title: 'a list of resources that grows',
    run: way => {
      const name = nextName()
      const added = resource(`behind://${name}`, { name }, () => 'new')
      return grows(way, 'resources', added, () => way.client.listResources())
    },
  },
  {
    title: 'a resource that is updated, for as long as it is watched',
    run: async ({ client, behind }) => {
      const uri = 'behind://described'
      let told: (uri: string) => void = () => {}
      const heard = new Promise<string>(resolve => {
        told = resolve
      })
      await using _ = await client.subscribe(uri, changed => told(changed))
      // The gateway subscribes for its client when it has answered it, so the first ones may come too early.
      const telling = setInterval(() => behind.server.updated(uri), 20)
      expect(await heard).toBe(uri)
      clearInterval(telling)
    },
  },
]
