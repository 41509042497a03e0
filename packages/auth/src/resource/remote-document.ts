import type { Fetch } from '../client/contract.ts'
import { boundedText } from '../documents/bounded-text.ts'
import { type Document, objectIn } from '../documents/json.ts'

export interface DocumentOptions {
  readonly fetch: Fetch
  readonly fetchMs: number
  readonly documentBytes: number
}

/** The platform's. An answer that leads elsewhere is none: the addresses are the operator's choice. */
export const plainFetch: Fetch = (url, init) => fetch(url, { ...init, redirect: 'error' })

/**
 * Gets a JSON object.
 * @returns undefined where the server has none there: a status of the 400s, or a page for people
 * @throws Error with a sentence for the operator
 */
export async function getDocument(
  url: string,
  { fetch, fetchMs, documentBytes }: DocumentOptions,
): Promise<Document | undefined> {
  const response = await fetch(url, { headers: { accept: 'application/json' }, signal: AbortSignal.timeout(fetchMs) })
  const { status, headers } = response
  const isPage = status === 200 && headers.get('content-type')?.toLowerCase().startsWith('text/html') === true
  if (status !== 200 || isPage) {
    await response.body?.cancel()
    if (isPage || (status >= 400 && status < 500)) return undefined
    throw new Error(`${url} answered HTTP ${status}`)
  }
  const document = objectIn(await boundedText(response, documentBytes))
  if (document === undefined) throw new Error(`${url} has no JSON object`)
  return document
}
