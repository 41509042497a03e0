import {
  Cancellation,
  type Connection,
  type Ended,
  type Message,
  type Receiver,
  serialise,
  type Transport,
} from '@interlock/protocol'
import { ConnectionExchange } from '../connection-exchange.ts'
import { RequestTable } from '../request-table.ts'

/**
 * Joins a client to a server in the same process. Messages pass as JSON would carry them: each side gets a copy of its
 * own, in a turn of its own.
 */
export function memoryTransport(receiver: Receiver): Transport {
  const closed = new Cancellation()
  const table = new RequestTable()
  let end: (reason: Ended) => void
  const ended = new Promise<Ended>(resolve => {
    end = resolve
  })
  const connection: Connection = {
    closed,
    send: message => deliver(message, copy => table.take(copy)),
  }
  const binding = { transport: 'memory', connection } as const
  const toServer = (message: Message): void => {
    deliver(message, copy => receiver.receive(new ConnectionExchange(copy, binding)))
  }
  const deliver = (message: Message, to: (copy: Message) => void): void => {
    const copy = JSON.parse(serialise(message)) as Message // a copy of a message is a message
    queueMicrotask(() => {
      if (!closed.aborted) to(copy)
    })
  }
  const close = async (): Promise<void> => {
    closed.abort()
    table.close()
    end(undefined)
  }
  return {
    kind: 'memory',
    takesCancellation: true,
    ended,
    exchange: (request, options) => table.exchange(request, toServer, options),
    send: async message => toServer(message),
    onMessage: listener => table.onMessage(listener),
    onNoise: listener => table.onNoise(listener),
    [Symbol.asyncDispose]: close,
  }
}
