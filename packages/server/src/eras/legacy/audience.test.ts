import { changeBus, type Message } from '@interlock/protocol'
import { expect, test } from 'vitest'
import { audienceOf } from './audience.ts'

test('everybody is told once of what changed in one turn, until they leave', async () => {
  const changes = changeBus()
  const heard: Record<string, string[]> = { one: [], other: [] }
  const hearer = (name: string) => ({
    send: (message: Message) => void heard[name]?.push('method' in message ? message.method : ''),
  })
  const one = hearer('one')
  const other = hearer('other')
  audienceOf(changes).add(one)
  audienceOf(changes).add(other)
  changes.publish({ kind: 'tools' })
  changes.publish({ kind: 'tools' })
  await Promise.resolve()
  audienceOf(changes).delete(other)
  changes.publish({ kind: 'prompts' })
  await Promise.resolve()
  expect(heard).toEqual({
    one: ['notifications/tools/list_changed', 'notifications/prompts/list_changed'],
    other: ['notifications/tools/list_changed'],
  })
})
