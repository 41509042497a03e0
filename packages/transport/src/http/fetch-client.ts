import { forget, onAbort } from '@interlock/protocol'
import type { HttpAnswer, HttpSend } from './send.ts'

/** Sends with the platform's `fetch`, for runtimes without `node:http`. */
export const fetchSend: HttpSend = async ({ url, method, headers, body, signal, cancellation }) => {
  const wanted = cancellation ?? signal
  const stop = new AbortController()
  const give = (reason: unknown): void => stop.abort(reason)
  if (wanted?.aborted) give(wanted.reason)
  else if (wanted !== undefined) onAbort(wanted, give)
  const response = await fetch(url, {
    method,
    headers,
    redirect: 'manual',
    signal: stop.signal,
    ...(body === undefined ? {} : { body }),
  })
  const answer: HttpAnswer = {
    status: response.status,
    header: name => response.headers.get(name) ?? undefined,
    body: pieces(response, () => wanted && forget(wanted, give)),
    close: () => stop.abort(),
  }
  return answer
}

/** Read through a reader, because not every runtime can iterate over a stream. */
async function* pieces(response: Response, onEnd: () => void): AsyncGenerator<Uint8Array> {
  const reader = response.body?.getReader()
  try {
    for (let next = await reader?.read(); next?.value !== undefined; next = await reader?.read()) yield next.value
  } finally {
    onEnd()
  }
}
