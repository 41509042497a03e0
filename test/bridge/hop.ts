import { type Gateway, gateway, type ServerSpec } from '@interlock/gateway'
import { newest, type Revision } from '@interlock/protocol'
import { receive } from '@interlock/server'
import type { ClientEnd, Kind, Make, Speak } from './client-end.ts'
import { type Binding, type Doors, doors, type Launch, servingOf } from './doors.ts'
import { v1, v2 } from './official-clients.ts'
import { v1Serving, v2Serving } from './official-servers.ts'
import { Opened } from './opened.ts'
import { own } from './own-client.ts'
import { beside, upstream } from './upstream.ts'

/** A side of a conversation: who wrote it, and the one revision that it speaks. */
export interface Side {
  readonly make: Make
  readonly revision: Revision
}

/** The gateway before one server, and the ways in for clients. */
export interface Hop extends AsyncDisposable {
  connect(near: Side, binding: Binding, kind: Kind): Promise<ClientEnd>
}

/** Under which name the gateway knows the server. */
export const behind = 'behind'

const speak: Readonly<Record<Make, Speak>> = { own, v1, v2 }

/** Opens a server, and a gateway that speaks to it over one binding; `beside` is a second server of that gateway. */
export async function hop({ make, revision }: Side, binding: Binding): Promise<Hop> {
  const opened = new Opened()
  const served = upstream(behind, make === 'own' ? revision : newest)
  const serving = {
    own: () => servingOf(served.receiver),
    v1: () => v1Serving(served, revision),
    v2: () => v2Serving(served, revision),
  }
  const server = await doors(opened, serving[make](), make === 'v1' ? revision.version : undefined)
  const other = await servingOf(beside().receiver).http()
  opened.add(() => other.close())
  const between = await front([
    specOf(server, binding),
    { name: 'beside', disabled: false, kind: 'http', url: other.url, headers: {} },
  ])
  opened.add(() => between.close())
  const spoken = between.servers().find(({ name }) => name === behind)?.revision
  if (spoken !== revision.version) throw new Error(`the server speaks ${spoken} instead of ${revision.version}`)
  const ways = new Map<string | undefined, Promise<Doors>>()
  return {
    async connect({ make, revision }, binding, kind) {
      // The first generation cannot be held to a revision: it gets a way in where no other is spoken.
      const pin = make === 'v1' ? revision.version : undefined
      const known =
        ways.get(pin) ??
        doors(opened, servingOf(pin === undefined ? between.receiver : receive(between, { revisions: [pin] })))
      ways.set(pin, known)
      return speak[make]({ revision, kind, binding, doors: await known })
    },
    [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
  }
}

function specOf({ url, launch }: { readonly url: URL; readonly launch: Launch }, binding: Binding): ServerSpec {
  const { command, args } = launch
  return binding === 'http'
    ? { name: behind, disabled: false, kind: 'http', url, headers: {} }
    : { name: behind, disabled: false, kind: 'stdio', command, args: [...args], env: {} }
}

async function front(servers: readonly ServerSpec[]): Promise<Gateway> {
  const made = gateway({ servers, info: { name: 'gateway', version: '1.0.0' } })
  await made.started
  const down = made.servers().filter(({ state }) => state !== 'ready')
  if (down.length > 0) throw new Error(`not ready: ${JSON.stringify(down)}`)
  return made
}
