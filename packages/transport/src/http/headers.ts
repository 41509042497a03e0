/** Header names in lower case to values. */
export type Headers = Readonly<Record<string, string>>

export const none: Headers = Object.freeze({})
export const jsonHeaders: Headers = { 'content-type': 'application/json' }
export const eventHeaders: Headers = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
}

/** What requests are authenticated by: it stays with whoever does that, and goes no further. */
const credentials: ReadonlySet<string> = new Set(['authorization', 'proxy-authorization', 'dpop', 'cookie'])

/** Whether a header of this lower-case name may be seen by those who serve a request. */
export const isForHandlers = (name: string): boolean => !credentials.has(name)
