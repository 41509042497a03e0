import type { Cancellation } from './cancellation.ts'
import type { Message, Notification, Request, Response } from './jsonrpc/message.ts'

/** Who is calling, as established by the transport's authenticator. */
export interface Principal {
  /**
   * Unique among all who may call, whoever vouches for them: sessions, tasks and sealed state belong to it. For display
   * and look-ups in the issuer's own directory there is `claims.sub`.
   */
  readonly subject: string
  /** What it may do: the scopes granted, and those that they imply. */
  readonly scopes: readonly string[]
  /** The authorization server that vouches for it. */
  readonly issuer?: string
  /** The OAuth client that it uses. */
  readonly clientId?: string
  /**
   * Unix time in milliseconds from which its token is not taken any more. Streams that it opened end then, so that nobody
   * listens on with a token that is over; calls that it made go on.
   */
  readonly expiresAtMs?: number
  /** What the access token says, as it was verified. Never the token itself. */
  readonly claims?: Readonly<Record<string, unknown>>
}

/** A peer reached over a stream that both sides may write to at any time (stdio, in memory, HTTP+SSE). */
export interface Connection {
  send(message: Message): void
  /** More waits for the peer than it reads: what can be spared should not be sent. Default: no. */
  readonly isCongested?: boolean
  /** Ended when the stream is gone. */
  readonly closed: Cancellation
  /** Ended when the peer will send no more, though it may still read what it is sent: questions get no answer then. */
  readonly inputEnded?: Cancellation
  /** Ends the stream, where a server may: it has many peers, who can come again. */
  close?(): void
}

/** What a transport knows about where a message came from. */
export interface Binding {
  readonly transport: 'stdio' | 'http' | 'memory'
  readonly principal?: Principal
  /** The connection that the message came over; absent on Streamable HTTP, where every message stands alone. */
  readonly connection?: Connection
  /** HTTP only: a header's value by lower-case name, but for credentials: those stay with the transport. */
  header?(name: string): string | undefined
  /** How to tell a principal that it needs these scopes, where that can be told. All that the request needs at once. */
  challenge?(scopes: readonly string[]): Delivery
}

/** What only some transports can express; the others ignore it. */
export interface Delivery {
  /** HTTP status. Default: 200 for a reply, 202 for an end without one. */
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
}

/** One event of a stream of server-sent events. */
export interface OutgoingEvent {
  /** What the client resumes after when it loses the stream here. */
  readonly id?: string
  /** How long the client is to wait before it comes back. */
  readonly retryMs?: number
  /** A message, serialised; absent for an event that carries only the others. */
  readonly text?: string
}

/** An open stream of server-sent events to one client. Nothing is delivered once `cancellation` is aborted. */
export interface EventSink {
  /** Aborted when the client is gone, or does not read. */
  readonly cancellation: Cancellation
  /** More waits for the client than it reads: what can be spared should not be sent. */
  readonly isCongested: boolean
  write(event: OutgoingEvent): void
  /** Closes the connection's half of this answer; what was written is still delivered. */
  end(): void
}

/**
 * One inbound message and the way back to its sender. The transport makes it and ends it when the sender hangs up; the
 * era answers it exactly once, with `reply` or `end`. Nothing is delivered once `cancellation` is aborted or the
 * exchange has ended, and no method throws because the sender is gone.
 */
export interface Exchange {
  readonly message: Message
  readonly binding: Binding
  readonly cancellation: Cancellation
  /** More waits for the sender than it reads: what can be spared should not be sent. */
  readonly isCongested: boolean
  /** A message that goes before the reply. On HTTP the first one turns the reply into an event stream. */
  send(message: Notification | Request): void
  reply(response: Response, delivery?: Delivery): void
  /** Ends an exchange that has no reply: a notification or a response was taken, or refused with a status. */
  end(delivery?: Delivery): void
  /**
   * HTTP: turns the reply into an event stream in the hands of whoever calls this. From then on nothing else of the
   * exchange is used, and a client that goes does not cancel it. Absent where a reply cannot be such a stream.
   */
  stream?(): EventSink
}

/** A stream that a client wants to be told things on (HTTP GET in legacy revisions): it is opened or refused. */
export interface Stream {
  readonly binding: Binding
  open(): EventSink
  refuse(delivery: Delivery): void
}

/** What a server puts behind a transport. */
export interface Receiver {
  receive(exchange: Exchange): void
  /** Whether the sender's revision has batches. Absent where none has. */
  takesBatches?(binding: Binding): boolean
  /** Absent, or the stream is refused, where no revision served has such streams. */
  listen(stream: Stream): void
  /** Ends the session named by the binding; gives the HTTP status of the answer. */
  terminate(binding: Binding): number
  /** Lets calls in flight finish for at most `graceMs`, then cancels them. New requests are refused meanwhile. */
  close(graceMs?: number): Promise<void>
}
