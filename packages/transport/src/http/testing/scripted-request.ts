import type { HttpRequest } from '../request.ts'

/** A request as a platform would hand it over, and what was answered. */
export interface ScriptedRequest extends HttpRequest {
  status: number
  text: string
  ended: boolean
}

export interface ScriptedOptions {
  /** Whether its client has hung up meanwhile. */
  readonly isGone?: boolean
  /** Bytes of its stream that wait for a client that does not read. */
  readonly buffered?: number
}

export function scriptedRequest(
  method: string,
  url: string,
  body = '',
  { isGone = false, buffered = 0 }: ScriptedOptions = {},
): ScriptedRequest {
  const headers: Readonly<Record<string, string>> = { 'content-type': 'application/json', host: 'localhost' }
  const own = {
    method,
    url,
    status: 0,
    text: '',
    ended: false,
    header: (name: string) => headers[name],
    headerCount: (name: string) => (headers[name] === undefined ? 0 : 1),
    body: async () => ({ kind: 'text', text: body }) as const,
    respond(status: number) {
      own.status = status
    },
    stream(status: number) {
      own.status = status
      return {
        buffered,
        write: (text: string) => void (own.text += text),
        end: () => void (own.ended = true),
        cut: () => void (own.ended = true),
      }
    },
    onGone: (listener: () => void) => {
      if (isGone) listener()
    },
  }
  return own
}
