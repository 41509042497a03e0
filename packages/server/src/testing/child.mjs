/** A server in a process of its own, for tests that end it. */
import { serve, server, tool } from '@interlock/server'
import { serveStdio } from '@interlock/server/stdio'

const form = { type: 'object', properties: { name: { type: 'string' } } }

const slow = tool('slow', {}, async (_, ctx) => {
  console.error('started')
  await new Promise(resolve => setTimeout(resolve, 200))
  return ctx.signal.aborted ? 'aborted' : 'done'
})

const ask = tool('ask', {}, async (_, ctx) => {
  const answer = await ctx.elicit({ message: 'who', schema: form })
  return answer.action === 'accept' ? `${String(answer.content['name'])}` : answer.action
})

const noisy = tool('noisy', {}, () => {
  console.log('log')
  console.info('info')
  console.debug('debug')
  console.dir({ dir: 1 })
  console.table([{ table: 1 }])
  console.group('group')
  console.count('count')
  return 'quiet'
})

const own = server({ name: 'child', version: '1.0.0', tools: [slow, ask, noisy] })
await (process.argv.includes('--by-serve-stdio') ? serveStdio(own) : serve(own))
