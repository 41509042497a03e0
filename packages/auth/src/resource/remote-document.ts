import type { Fetch } from '../client/contract.ts'

export interface DocumentOptions {
  readonly fetch: Fetch
  readonly fetchMs: number
  readonly documentBytes: number
}

/** The platform's. An answer that leads elsewhere is none: the addresses are the operator's choice. */
export const plainFetch: Fetch = (url, init) => fetch(url, { ...init, redirect: 'error' })

/**
 * Gets a JSON object.
 * @returns undefined where the server has none there (a status of the 400s)
 * @throws Error with a sentence for the operator
 */
export async function getDocument(
  url: string,
  { fetch, fetchMs, documentBytes }: DocumentOptions,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const response = await fetch(url, { headers: { accept: 'application/json' }, signal: AbortSignal.timeout(fetchMs) })
  if (response.status >= 400 && response.status < 500) {
    await response.body?.cancel()
    return undefined
  }
  if (response.status !== 200) {
    await response.body?.cancel()
    throw new Error(`${url} answered HTTP ${response.status}`)
  }
  const value: unknown = JSON.parse(await readText(response, documentBytes, url))
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error(`${url} has no JSON object`)
  return value as Readonly<Record<string, unknown>> // just checked
}

/** @throws Error when it is larger than allowed */
export async function readText(response: Response, maximumBytes: number, url: string): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length
    if (bytes > maximumBytes) throw new Error(`${url} sends more than ${maximumBytes} bytes`)
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}
