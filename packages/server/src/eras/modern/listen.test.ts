import { expect, test } from 'vitest'
import { memoryTaskStore, server, tool } from '../../index.ts'
import { connected, extension } from '../../testing/task-client.ts'

test.each(extension)(
  '%s: a subscription that begins while the server closes is ended like the others',
  async (_, revision) => {
    const store = memoryTaskStore()
    const asked = waitedFor()
    const go = waitedFor()
    const slow = {
      ...store,
      async get(taskId: string) {
        asked.give()
        await go.given
        return store.get(taskId)
      },
    }
    const endless = tool('endless', { task: 'optional' }, () => new Promise(() => {}))
    const { receiver, ...rest } = server({ name: 'slow', version: '1.0.0', tools: [endless], tasks: { store: slow } })
    await using opened = await connected({ ...rest, receiver }, revision)
    const { taskId } = await opened.tasks.start('endless')
    const subscription = opened.client.begin('subscriptions/listen', { notifications: { taskIds: [taskId] } })
    await asked.given
    const closed = receiver.close(0)
    go.give()
    expect(await subscription).toMatchObject({ resultType: 'complete' })
    await closed
  },
)

/** Something that is waited for. */
function waitedFor() {
  let give = (): void => {}
  const given = new Promise<void>(resolve => {
    give = resolve
  })
  return { given, give }
}
