import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { onStdio, type Stage } from '../packages/client/src/testing/hostile.ts'
import { answer, type Era, rows, sessions, stateless } from '../packages/client/src/testing/hostile-rows.ts'
import { type Scene, scene } from './support/gateway.ts'

const row = rows.filter(({ isOver }) => isOver !== true)

/** One server with a tool for each row, and one whose tools promise what takes for ever to check. */
async function hostile(era: Era): Promise<Stage> {
  const names = [...row.keys()].map(at => `row_${at}`)
  const outputSchema = {
    type: 'object',
    properties: { a: { pattern: '^(a+)+$' }, b: { $ref: 'http://127.0.0.1:1/never-asked' } },
  }
  const tools = names.map(name => ({ name, inputSchema: { type: 'object' }, outputSchema }))
  const envelope = era === stateless ? { resultType: 'complete', ttlMs: 0, cacheScope: 'private' } : {}
  return onStdio({
    [era.hello]: [era.welcome],
    'tools/list': [answer({ ...envelope, tools })],
    'tools/call': [era.pong],
    ...(era === sessions && {
      'server/discover': ['{"jsonrpc":"2.0","id":$ID,"error":{"code":-32601,"message":"no"}}'],
    }),
    ...Object.fromEntries(row.map(({ says }, at) => [`row_${at}`, says(era)])),
  })
}

describe.each([sessions, stateless])(
  '$name: a hostile server behind the gateway harms neither it nor the others',
  era => {
    let stage: Stage
    let at: Scene

    beforeAll(async () => {
      stage = await hostile(era)
      const { command, args } = stage.target as { command: string; args: string[] }
      at = await scene({ hostile: { command, args, timeoutMs: 10_000 } })
    })

    afterAll(async () => {
      await at[Symbol.asyncDispose]()
      await stage[Symbol.asyncDispose]()
    })

    test.each(row.map(({ name, gives }, nr) => [name, gives, nr] as const))('%s', async (_, gives, nr) => {
      const result = await at.call('hostile', `row_${nr}`).catch(String)
      if (typeof gives === 'string') expect(result).toBe(gives)
      else expect(result).not.toBe('pong')
      expect(result.length).toBeLessThan(1_000)
      expect(await at.readGood()).toContain('all is well')
    })
  },
)
