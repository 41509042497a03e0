import { setImmediate } from 'node:timers/promises'
import { isObject, legacy, metaKey, newest } from '@interlock/protocol'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { type Context, server, ToolError, tool } from './index.ts'
import { pipe } from './testing/pipe.ts'

/** What happens next: to the call of that number, of those made so far, or to none. */
type Step =
  | { readonly do: 'call'; readonly cuts: readonly number[] }
  | { readonly do: 'cancel' | 'progress' | 'finish' | 'fail'; readonly to: number }
  | { readonly do: 'say'; readonly bytes: Uint8Array }

const cuts = fc.array(fc.nat(200), { maxLength: 4 })
const odd = fc.constantFrom(
  '{"jsonrpc":"2.0","id":null,"method":"ping"}',
  '{"jsonrpc":"2.0","id":1e400,"method":"ping"}',
  '{"jsonrpc":"2.0","id":"x","id":"y","method":"ping","__proto__":{"polluted":1}}',
  '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":{}}}',
  '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"nobody"}}',
  '{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"p0","progress":1e400}}',
  '{"jsonrpc":"2.0","id":123456,"result":{}}',
  '{"jsonrpc":"2.0","id":"x","error":{"code":1e99,"message":""}}',
  `${'['.repeat(5_000)}${']'.repeat(5_000)}`,
  '[]',
)
/** Lines that belong to no call: odd messages, JSON of any kind, and bytes that are not even text. */
const noise = fc
  .oneof(
    odd.map(text => Buffer.from(text)),
    fc.json().map(text => Buffer.from(text)),
    fc.uint8Array({ maxLength: 60 }),
  )
  .map(bytes => Buffer.concat([Buffer.from(bytes.filter(byte => byte !== 10)), Buffer.from('\n')]))
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('call' as const), cuts }),
  fc.record({ do: fc.constantFrom('cancel', 'progress', 'finish', 'fail'), to: fc.nat(20) }),
  fc.record({ do: fc.constant('say' as const), bytes: noise }),
)
/** Ids of calls, never those of the noise. */
const ids = (at: number): string | number =>
  at % 2 === 0 ? 1_000 + at : ['__proto__', 'ü', '1001', ''][(at >> 1) % 4] + `#${at}`

interface Running {
  readonly ctx: Context
  end(how: 'finish' | 'fail'): void
}

interface Made {
  readonly id: string | number
  /** What its answer must hold; undefined when there must be none. */
  expected: string | undefined
  isOver: boolean
  readonly due: number[]
}

const envelopes = {
  legacy: {},
  modern: { [metaKey.protocolVersion]: newest.version, [metaKey.clientCapabilities]: {} },
}
const clientInfo = { name: 'fuzz', version: '1' }
const hello = { protocolVersion: legacy[0]?.version, capabilities: {}, clientInfo }
const line = (message: object): Buffer => Buffer.from(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)

async function run(era: 'legacy' | 'modern', steps: readonly Step[]): Promise<void> {
  const running = new Map<string, Running>()
  const work = tool('work', { input: z.object({ key: z.string() }) }, ({ key }, ctx) => {
    return new Promise<string>((resolve, reject) => {
      running.set(key, { ctx, end: how => (how === 'finish' ? resolve(key) : reject(new ToolError(`no ${key}`))) })
    })
  })
  const wire = pipe(server({ name: 'fuzz', version: '1', tools: [work] }).receiver)
  const write = async (bytes: Uint8Array, at: readonly number[] = []): Promise<void> => {
    const ends = [...at, bytes.length].sort((one, other) => one - other)
    for (const [nr, end] of ends.entries()) wire.write(bytes.subarray(ends[nr - 1] ?? 0, end))
    await setImmediate()
    await setImmediate()
  }
  if (era === 'legacy') {
    await write(line({ id: 'hello', method: 'initialize', params: hello }))
    await write(line({ method: 'notifications/initialized' }))
  }
  const made: Made[] = []
  for (const [now, one] of steps.entries()) {
    if (one.do === 'say') await write(one.bytes)
    else if (one.do === 'call') {
      const at = made.length
      const _meta = { ...envelopes[era], progressToken: `p${at}` }
      made.push({ id: ids(at), expected: undefined, isOver: false, due: [] })
      const params = { name: 'work', arguments: { key: `call ${at}` }, _meta }
      await write(line({ id: ids(at), method: 'tools/call', params }), one.cuts)
    } else await act(one, now)
  }
  async function act({ do: what, to }: Extract<Step, { to: number }>, now: number): Promise<void> {
    const at = made.length === 0 ? 0 : to % made.length
    const call = made[at]
    const job = running.get(`call ${at}`)
    if (call === undefined || job === undefined) return
    if (what === 'cancel') {
      call.isOver = true
      await write(line({ method: 'notifications/cancelled', params: { requestId: call.id } }))
    } else if (what === 'progress') {
      if (!call.isOver) call.due.push(now)
      job.ctx.progress(now)
    } else {
      if (!call.isOver) call.expected = what === 'finish' ? `call ${at}` : `no call ${at}`
      call.isOver = true
      job.end(what)
    }
    await setImmediate()
  }
  expect(running.size).toBe(made.length)
  wire.write('\n')
  const last = { name: 'none', _meta: envelopes[era] }
  await write(line({ id: 'last', method: 'tools/call', params: last }))
  const heard: Record<string, unknown>[] = []
  for (let next = await wire.next(); next !== undefined && next['id'] !== 'last'; next = await wire.next())
    heard.push(next)
  for (const [at, { id, expected, due }] of made.entries()) {
    const answers = heard.filter(message => message['id'] === id && !('method' in message))
    expect(answers.map(({ result }) => textOf(result))).toEqual(expected === undefined ? [] : [expected])
    const told = heard.map(({ params }) => params).filter(isObject)
    expect(told.filter(({ progressToken }) => progressToken === `p${at}`).map(({ progress }) => progress)).toEqual(due)
  }
  expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
  for (const job of running.values()) job.end('finish')
  await wire.listener.close()
}

function textOf(result: unknown): unknown {
  const content = isObject(result) && Array.isArray(result['content']) ? result['content'] : []
  return content[0]?.text
}

test.each(['legacy', 'modern'] as const)(
  '%s: every call is answered once, unless cancelled, whatever else is said',
  async era => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 20 }), steps => run(era, [{ do: 'call', cuts: [] }, ...steps])),
      { numRuns: 100, timeout: 2_000 },
    )
  },
)
