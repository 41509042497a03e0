import type { HttpAnswer, HttpSend } from './send.ts'

/** Sends with the platform's `fetch`, for runtimes without `node:http`. */
export const fetchSend: HttpSend = async ({ url, method, headers, body, signal }) => {
  const stop = new AbortController()
  const onAbort = (): void => stop.abort(signal?.reason)
  if (signal?.aborted) onAbort()
  signal?.addEventListener('abort', onAbort, { once: true })
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
    body: pieces(response, () => signal?.removeEventListener('abort', onAbort)),
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
