import { connect, type EraName } from '@interlock/client'
import { type ClientCapabilities, type Implementation, type Transport, TransportError } from '@interlock/protocol'
import { appMimeType, appsExtension } from '@interlock/server'
import type { ClientExtensions } from '../config/client-extensions.ts'
import { Connection } from './connection.ts'
import type { ListingOptions } from './listing.ts'
import type { Parking } from './parked.ts'

/** What servers may ask the gateway's clients: whether the one who calls can answer is found out then. */
const passedOn: ClientCapabilities = {
  elicitation: { form: {}, url: {} },
  sampling: { tools: {}, context: {} },
  roots: { listChanged: true },
}

/** Tools that have views answer clients without them as well (MCP Apps), so nobody is worse off for it. */
const views: ClientExtensions = { [appsExtension]: { mimeTypes: [appMimeType] } }

export interface Beginning {
  /** How the server is called in the configuration. */
  readonly name: string
  readonly info: Implementation
  /** Told to the server besides those that every server is told of. */
  readonly clientExtensions?: ClientExtensions | undefined
  readonly parking: Parking
  readonly listing: ListingOptions
  /** Told that a user is done at the page that the server sent them to. */
  readonly onPageDone: (elicitationId: string) => void
  /** Time for the handshake and the first lists together. */
  readonly startupMs: number
  readonly requestMs: number
  /** The kind of revision to speak, where it need not be found out. */
  readonly era: EraName | undefined
  /** Aborted when the server is not wanted any more. */
  readonly signal: AbortSignal
}

/**
 * Connects to a server and reads what it offers. Rejects when that fails, takes too long or is not wanted any more, after
 * the session is ended that may have begun; the caller closes the transport.
 */
export async function begin(transport: Transport, beginning: Beginning): Promise<Connection> {
  const { startupMs, signal } = beginning
  const late = new TransportError('timeout', `did not answer within ${spoken(startupMs)} of being started`)
  const enough = new AbortController()
  const timer = setTimeout(() => enough.abort(late), startupMs)
  const stop = (): void => enough.abort(signal.reason)
  signal.addEventListener('abort', stop, { once: true })
  const stopped = new Promise<never>((_, reject) => {
    enough.signal.addEventListener('abort', () => reject(enough.signal.reason), { once: true })
  })
  let connection: Connection | undefined
  const opening = open(transport, beginning).then(async made => {
    connection = made
    if (enough.signal.aborted) await made.close() // or it would try to listen for changes for ever
    await made.listing.read()
    return made
  })
  try {
    return await Promise.race([opening, stopped])
  } catch (error) {
    opening.catch(() => {}) // it ends with the transport, and nobody waits for it
    await connection?.close()
    throw error
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', stop)
  }
}

async function open(transport: Transport, beginning: Beginning): Promise<Connection> {
  const { name, info, clientExtensions = {}, parking, listing, onPageDone, startupMs, requestMs, era } = beginning
  const client = await connect(transport, {
    info,
    capabilities: passedOn,
    extensions: { ...views, ...clientExtensions } as NonNullable<ClientCapabilities['extensions']>, // settings are JSON
    connectMs: 2 * startupMs, // the deadline around this comes first
    timeoutMs: requestMs,
    onWarning: listing.note,
    onPageDone,
    ...(era === undefined ? {} : { era }),
  })
  return new Connection(name, client, transport, parking, listing)
}

const spoken = (ms: number): string => (ms < 1_000 ? `${ms} ms` : `${ms / 1_000} s`)
