import { type Client, type ConnectOptions, connect, type HostCallbacks, type Target } from '@interlock/client'
import { type Gateway, gateway, type ServerSpec } from '@interlock/gateway'
import { type Change, type ClientCapabilities, type Revision, revisions } from '@interlock/protocol'
import { listenHttp } from '@interlock/transport/node'
import { type Seen, seen } from '../support/events.ts'
import { schemeOf, upstream } from './upstream.ts'

/** Whatever a test opens, closed in the end, the last one first. */
export class Opened implements AsyncDisposable {
  readonly #closers: (() => unknown)[] = []

  add(close: () => unknown): void {
    this.#closers.push(close)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const close of this.#closers.splice(0).reverse()) await close()
  }
}

/** What a client can be asked: everything, nothing, or to send its user to a page only. */
export type Kind = 'full' | 'mute' | 'pages'

/** A client of one revision, and what it was told; each test says how it answers. */
export interface End {
  readonly client: Client
  readonly revision: Revision
  readonly changes: Seen<Change>
  readonly logs: Seen<{ readonly level: string; readonly data: unknown }>
  readonly pagesDone: Seen<string>
  /** Answers for the present test. */
  answers: Pick<HostCallbacks, 'onElicit' | 'onSample' | 'onRoots'>
}

const unexpected = (): never => {
  throw new Error('nobody expected to be asked')
}

const declared: Record<Kind, ClientCapabilities> = {
  full: {
    elicitation: { form: {}, url: {} },
    sampling: { tools: {} },
    roots: {},
    extensions: { 'com.example/halls': { high: true } },
  },
  mute: {},
  pages: { elicitation: { url: {} } },
}

export async function end(target: Target, revision: Revision, kind: Kind): Promise<End> {
  const made: Omit<End, 'client'> = {
    revision,
    changes: seen('change'),
    logs: seen('log message'),
    pagesDone: seen('page'),
    answers: {},
  }
  const options: ConnectOptions = {
    revisions: [revision.version],
    capabilities: declared[kind],
    elicitUrl: true,
    sampleTools: true,
    pageMs: 5_000,
    onElicit: (...asked) => (made.answers.onElicit ?? unexpected)(...asked),
    onSample: (...asked) => (made.answers.onSample ?? unexpected)(...asked),
    onRoots: (...asked) => (made.answers.onRoots ?? unexpected)(...asked),
    onPageDone: id => made.pagesDone.add(id),
    onLog: message => made.logs.add(message),
  }
  const client = await connect(target, options)
  client.onChange(change => made.changes.add(change))
  return Object.assign(made, { client })
}

/** Servers of every revision on Streamable HTTP, as a gateway is configured for them. */
export async function overHttp(opened: Opened): Promise<readonly ServerSpec[]> {
  return Promise.all(
    revisions.map(async revision => {
      const made = upstream(revision)
      const listener = await listenHttp(made.receiver)
      opened.add(() => listener.close(0))
      return { name: schemeOf(revision), disabled: false, kind: 'http', url: listener.url, headers: {} } as const
    }),
  )
}

export async function front(opened: Opened, servers: readonly ServerSpec[]): Promise<Gateway> {
  const made = gateway({ servers, info: { name: 'gateway', version: '1.0.0' } })
  opened.add(() => made.close())
  await made.started
  const down = made.servers().filter(({ state }) => state !== 'ready')
  if (down.length > 0) throw new Error(`not ready: ${JSON.stringify(down)}`)
  return made
}
