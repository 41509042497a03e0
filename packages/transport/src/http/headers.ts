/** Header names in lower case to values. */
export type Headers = Readonly<Record<string, string>>

export const none: Headers = {}
export const jsonHeaders: Headers = { 'content-type': 'application/json' }
export const eventHeaders: Headers = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
}
