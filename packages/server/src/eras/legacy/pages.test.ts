import { type ChangeBus, changeBus, code, legacy, type Notification, ProtocolError } from '@interlock/protocol'
import { expect, test } from 'vitest'
import { memoryEventStore } from '../../event-store.ts'
import { serverLimits } from '../../receive.ts'
import { SessionPages } from './pages.ts'
import { Session } from './session.ts'

const revision = legacy.find(({ version }) => version === '2025-11-25') as (typeof legacy)[0]

/** A bus that knows how many listen. */
function counted(): ChangeBus & { listeners: number } {
  const bus = changeBus()
  const own = {
    listeners: 0,
    publish: (change: Parameters<ChangeBus['publish']>[0]) => bus.publish(change),
    subscribe(...asked: Parameters<ChangeBus['subscribe']>) {
      own.listeners += 1
      const subscription = bus.subscribe(...asked)
      return {
        [Symbol.dispose]() {
          own.listeners -= 1
          subscription[Symbol.dispose]()
        },
      }
    },
  }
  return own
}

test('a page that is done is told once', async () => {
  const bus = counted()
  const sent: Notification[] = []
  const pages = new SessionPages(revision, bus, message => sent.push(message))
  pages.expect('p1')
  bus.publish({ kind: 'page', elicitationId: 'p1' })
  bus.publish({ kind: 'page', elicitationId: 'p1' })
  await expect.poll(() => sent.length).toBe(1)
  expect(sent).toMatchObject([{ params: { elicitationId: 'p1' } }])
  expect(bus.listeners).toBe(0)
})

test('a session that has ended waits for no page, however it is asked', () => {
  const bus = counted()
  const pages = new SessionPages(revision, bus, () => {})
  pages.expect('p1')
  pages.close()
  pages.expect('p2')
  pages.expectOf(new ProtocolError(code.urlElicitationRequired, 'go', { elicitations: [{ elicitationId: 'p3' }] }))
  expect(bus.listeners).toBe(0)
})

test('nor does one that ended before it was asked the first time', () => {
  const bus = counted()
  const peer = { revision, info: { name: 'client', version: '1.0.0' }, capabilities: {} }
  const session = new Session(() => 'one', peer, bus, serverLimits, memoryEventStore())
  session.close()
  session.pages.expect('p1')
  expect(bus.listeners).toBe(0)
})
