import { setImmediate } from 'node:timers/promises'
import {
  type Connection,
  check,
  isRequest,
  legacy,
  newest,
  type Receiver,
  type RequestId,
  Unreadable,
} from '@interlock/protocol'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { connect } from './connect.ts'

/** What happens next: to the call of that number, of those made so far, or to none. */
type Step =
  | { readonly do: 'call' }
  | { readonly do: 'cancel' | 'progress' | 'reply' | 'fail'; readonly to: number }
  | { readonly do: 'say'; readonly message: unknown }

const id = fc.oneof(
  fc.string(),
  fc.integer(),
  fc.constantFrom('__proto__', 'constructor', '', null, undefined, 1.5, 1e300, -0, true, [], {}, '1', '2', '3'),
)
const params = fc.oneof(
  fc.constant(undefined),
  fc.jsonValue({ maxDepth: 2 }),
  fc.record(
    { progressToken: id, requestId: id, progress: fc.jsonValue(), _meta: fc.jsonValue(), level: fc.string(), data: id },
    { requiredKeys: [] },
  ),
)
const method = fc.oneof(
  fc.string(),
  fc.constantFrom(
    'notifications/progress',
    'notifications/cancelled',
    'notifications/message',
    'notifications/tools/list_changed',
    'notifications/resources/updated',
    'notifications/elicitation/complete',
    'ping',
    'roots/list',
    '__proto__',
  ),
)
/** Messages that belong to no call, well made or not. */
const stray = fc.oneof(
  fc.record({ jsonrpc: fc.constant('2.0'), method, params }),
  fc.record({ jsonrpc: fc.constant('2.0'), id: fc.string(), method, params }),
  fc.record({
    jsonrpc: fc.constant('2.0'),
    id: fc.oneof(fc.string(), fc.integer({ min: 1_000 })),
    result: fc.object(),
  }),
  fc.record({ jsonrpc: fc.constant('2.0'), error: fc.record({ code: fc.integer(), message: fc.string() }) }),
)
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.constant<Step>({ do: 'call' }),
  fc.record({ do: fc.constantFrom('cancel', 'progress', 'reply', 'fail'), to: fc.nat(20) }),
  fc.record({ do: fc.constant('say' as const), message: stray }),
)

/** A server whose every word is somebody else's. */
class Puppet {
  readonly calls: RequestId[] = []
  #connection: Connection | undefined
  readonly receiver: Receiver = {
    listen: () => {},
    terminate: () => 405,
    close: async () => {},
    receive: exchange => {
      const { message, binding } = exchange
      this.#connection = binding.connection
      if (!isRequest(message)) return
      if (message.method === 'tools/call') this.calls.push(message.id)
      const about = { capabilities: { tools: {}, logging: {} }, serverInfo: { name: 'puppet', version: '1' } }
      if (message.method === 'initialize') {
        this.say({ jsonrpc: '2.0', id: message.id, result: { ...about, protocolVersion: legacy[0]?.version } })
      }
      if (message.method === 'server/discover') {
        this.say({
          jsonrpc: '2.0',
          id: message.id,
          result: { ...envelope, ...about, supportedVersions: [newest.version] },
        })
      }
    },
  }

  say(message: unknown): void {
    // What is no message at all goes no further than the transports that read bytes.
    const taken = check(JSON.parse(JSON.stringify(message)))
    if (!(taken instanceof Unreadable)) this.#connection?.send(taken)
  }
}

const envelope = { resultType: 'complete', ttlMs: 0, cacheScope: 'private' }

interface Made {
  readonly stop: AbortController
  readonly heard: unknown[]
  outcome: unknown
  expected: unknown
  readonly due: unknown[]
}

async function run(era: 'legacy' | 'modern', steps: readonly Step[]): Promise<void> {
  const puppet = new Puppet()
  const client = await connect({ receiver: puppet.receiver }, { era })
  const made: Made[] = []
  const about = (at: number): object => ({ ...envelope, content: [{ type: 'text', text: `call ${at}` }] })
  const begin = (): void => {
    const call: Made = { stop: new AbortController(), heard: [], outcome: undefined, expected: undefined, due: [] }
    const onProgress = ({ progress }: { readonly progress: number }): unknown => call.heard.push(progress)
    const at = made.push(call) - 1
    client.callTool(`t${at}`, {}, { signal: call.stop.signal, onProgress }).then(
      ({ content }) => settled(call, content),
      error => settled(call, error instanceof Error ? error.message : error),
    )
  }
  const settled = (call: Made, outcome: unknown): void => {
    expect(call.outcome).toBeUndefined()
    call.outcome = outcome
  }
  for (const [now, one] of steps.entries()) {
    const at = 'to' in one && made.length > 0 ? one.to % made.length : 0
    const call = made[at]
    const its = puppet.calls[at]
    if (one.do === 'call') begin()
    else if (one.do === 'say') puppet.say(one.message)
    else if (call !== undefined) {
      const isOpen = call.expected === undefined
      if (one.do === 'cancel') {
        if (isOpen) call.expected = 'enough'
        call.stop.abort('enough')
      } else if (one.do === 'progress') {
        if (isOpen) call.due.push(now)
        puppet.say({ jsonrpc: '2.0', method: 'notifications/progress', params: { progressToken: its, progress: now } })
      } else if (one.do === 'reply') {
        if (isOpen) call.expected = [{ type: 'text', text: `call ${at}` }]
        puppet.say({ jsonrpc: '2.0', id: its, result: about(at) })
      } else {
        if (isOpen) call.expected = `no ${at}`
        puppet.say({ jsonrpc: '2.0', id: its, error: { code: 1, message: `no ${at}` } })
      }
    }
    await setImmediate()
  }
  await client.close()
  await setImmediate()
  for (const { outcome, expected, heard, due } of made) {
    expect(outcome).toEqual(expected ?? expect.stringContaining('was closed'))
    expect(heard).toEqual(due)
  }
}

test.each(['legacy', 'modern'] as const)(
  '%s: every call gets what is its own, once, whatever else is said',
  async era => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), steps => run(era, [{ do: 'call' }, ...steps])),
      { numRuns: 150 },
    )
  },
)
