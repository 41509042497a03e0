import { once } from 'node:events'
import { expect } from 'vitest'
import { bothKnow, type Cell } from '../expectations.ts'

const nextUnique = (
  (count = 0) =>
  () =>
    `unique-${(count += 1)}`
)()

export const workingCells: readonly Cell[] = [
  {
    title: 'progress',
    run: async way => {
      const steps: object[] = []
      await way.client.callTool('behind__count', {}, { onProgress: step => steps.push(step) })
      const told = bothKnow(way, 'ProgressNotificationParams', 'message')
      expect(steps).toEqual(
        [1, 2, 3].map(at => ({ progress: at, total: 3, ...(told ? { message: `counted ${at}` } : {}) })),
      )
    },
  },
  {
    title: 'log messages of the level that the client wants',
    run: async ({ client, host }) => {
      const before = host.logs.all.length
      await client.callTool('behind__murmur')
      await host.logs.first(({ level }) => level === 'error', host.logs.all[before - 1])
      expect(host.logs.all.slice(before)).toEqual(
        ['info', 'error'].map(level => ({ level, logger: 'murmurer', data: { said: level } })),
      )
    },
  },
  {
    title: 'a call that its client cancels',
    run: async ({ client, behind }) => {
      const name = nextUnique()
      const stop = new AbortController()
      const stopped = client.callTool(
        'behind__wait',
        { name },
        { signal: stop.signal, onProgress: () => stop.abort(new Error('enough')) },
      )
      await expect(stopped).rejects.toThrow('enough')
      await behind.journal.first(word => word === `${name} cancelled`)
    },
  },
  {
    title: 'a question that is not needed any more when its call is cancelled',
    run: async ({ client, host }) => {
      const stop = new AbortController()
      let release = (): void => {}
      host.sample = () => new Promise((_, reject) => (release = () => reject(new Error('not answered'))))
      const asked = host.asked.next(({ method }) => method === 'sampling/createMessage')
      const stopped = client.callTool('behind__sample', {}, { signal: stop.signal })
      const { signal } = await asked
      stop.abort(new Error('enough'))
      await expect(stopped).rejects.toThrow('enough')
      if (!signal.aborted) await once(signal, 'abort')
      release()
    },
  },
  {
    title: 'a question that its server takes back',
    // Without sessions a question is part of an answer, which nobody can take back.
    where: (near, far) => near.features.era === 'legacy' && far.features.era === 'legacy',
    run: async ({ client, host, behind }) => {
      const takenBack = new Promise<void>(resolve => {
        host.sample = () =>
          new Promise((_, reject) => {
            const { signal } = host.asked.all.at(-1) ?? {}
            signal?.addEventListener('abort', () => {
              resolve()
              reject(signal.reason)
            })
            behind.journal.add('asked')
          })
      })
      const result = client.callTool('behind__take-back')
      const { content } = await result
      await takenBack
      expect(content).toEqual([{ type: 'text', text: 'taken back' }])
    },
  },
]
