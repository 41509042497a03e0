import type { Notification, Request } from '@interlock/protocol'
import type { Conversation } from './eras/conversation.ts'
import type { Wire } from './wire.ts'

/** Messages that come before the era is known. More are dropped: nothing of use comes then. */
const earlyMessages = 100

/** Keeps what the server says until the conversation is there that takes it. */
export function listenEarly(wire: Wire): (conversation: Conversation) => void {
  let taker: Conversation | undefined
  const early: (Request | Notification)[] = []
  wire.transport.onMessage(message => {
    if (taker !== undefined) taker.take(message)
    else if (early.length < earlyMessages) early.push(message)
  })
  return conversation => {
    taker = conversation
    for (const message of early.splice(0)) conversation.take(message)
  }
}
