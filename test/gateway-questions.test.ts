import { type Client, connect } from '@interlock/client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { root } from './support/command.ts'
import { type Scene, scene } from './support/gateway.ts'

/** Two users behind one gateway, and a server that asks over the one session that the gateway has with it. */
const everything = `${root}node_modules/@modelcontextprotocol/server-everything/dist/index.js`
const question = 'everything__trigger-elicitation-request'

let at: Scene

beforeAll(async () => {
  at = await scene({ everything: { command: process.execPath, args: [everything] } })
})
afterAll(() => at[Symbol.asyncDispose]())

const user = (name: string, era: 'legacy' | 'modern'): Promise<Client> =>
  connect(at.front, { era, onElicit: () => ({ action: 'accept', content: { name } }) })

const answerTo = async (client: Client): Promise<string> => JSON.stringify((await client.callTool(question)).content)

test.each(['legacy', 'modern'] as const)('each user is asked what their own call wants to know (%s)', async era => {
  await using ada = await user('Ada', era)
  await using bob = await user('Bob', era)
  expect(await answerTo(ada)).toContain('- Name: Ada')
  expect(await answerTo(bob)).toContain('- Name: Bob')
})

test.each(['legacy', 'modern'] as const)('a question that may be for somebody else reaches nobody (%s)', async era => {
  await using ada = await user('Ada', era)
  await using bob = await user('Bob', era)
  const slow = ada.callTool('everything__trigger-long-running-operation', { duration: 0.5, steps: 1 })
  const answer = await answerTo(bob)
  expect(answer).toContain('cannot be told to belong to one of the 2 calls in flight')
  expect(answer).not.toMatch(/Ada|Bob/)
  await slow
  expect(await answerTo(bob)).toContain('- Name: Bob')
})

test('whichever of two calls of one session it is for, a question reaches their user', async () => {
  await using ada = await user('Ada', 'legacy')
  const slow = ada.callTool('everything__trigger-long-running-operation', { duration: 0.5, steps: 1 })
  expect(await answerTo(ada)).toContain('- Name: Ada')
  await slow
})
