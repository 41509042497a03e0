import { isNotification, type Message, type Request, type RequestId } from './message.ts'

/** The request that a message cancels; undefined when it cancels none. */
export function cancelledId(message: Message): RequestId | undefined {
  if (!isNotification(message) || message.method !== 'notifications/cancelled') return undefined
  const id = message.params?.['requestId']
  return typeof id === 'string' || typeof id === 'number' ? id : undefined
}

/** Whether a client may cancel a request (specification 2025-11-25: Cancellation, Behavior Requirements). */
export const isCancellable = ({ method }: Request): boolean => method !== 'initialize'
