/** A server that says which process answers, for tests of several. */
import { resource, serve, server, tool } from '@interlock/server'

const who = tool('who', {}, () => String(process.pid))

const slow = tool('slow', {}, async (_, ctx) => {
  console.error('started')
  ctx.progress(1, 2, 'half')
  await new Promise(resolve => setTimeout(resolve, 500))
  return 'done'
})

const form = { type: 'object', properties: { word: { type: 'string' } } }

/** Which process went through each round. */
const ask = tool('ask', {}, async (_, ctx) => {
  const pids = [await ctx.step('first', () => process.pid)]
  for (const round of ['one', 'two', 'three']) {
    await ctx.elicit(round, { message: round, schema: form })
    pids.push(await ctx.step(`after ${round}`, () => process.pid))
  }
  return pids.join(' ')
})

const touch = tool('touch', {}, () => {
  own.updated('file://touched')
  return 'touched'
})

const many = Array.from({ length: 1100 }, (_, at) => resource(`file://many/${at}`, {}, () => ''))
const background = tool('background', { task: 'optional' }, () => 'done')

if (process.argv.includes('--broken') && process.send !== undefined) process.exit(7)
const own = server({
  name: 'workers',
  version: '1.0.0',
  tools: process.argv.includes('--tasks') ? [background] : [who, slow, ask, touch],
  resources: [resource('file://touched', {}, () => 'here'), ...many],
})
await serve(own)
