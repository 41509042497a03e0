import { AuthorizationError, type Step } from './contract.ts'
import { type Flow, reasonOf, told } from './flow.ts'
import { boundedText } from './grants/bounded-text.ts'

const limits = {
  /** Largest metadata document. The largest in use have some 10 KiB. */
  documentBytes: 256 * 1024,
  /** Longest wait for one document. They are static; a person waits for several of them in turn. */
  documentMs: 15_000,
}

export type Document = Readonly<Record<string, unknown>>

/**
 * Fetches a metadata document. `undefined`: there is none at this URL, as a status of 4xx or a page for people tells.
 * Redirects are followed as far as `flow.fetch` allows.
 * @throws AuthorizationError saying what came instead of a JSON object
 */
export async function fetchDocument(flow: Flow, step: Step, url: URL): Promise<Document | undefined> {
  const from = `the ${step} at ${told(url)}`
  const signal = AbortSignal.any([flow.signal, AbortSignal.timeout(limits.documentMs)])
  let status: number
  let type: string
  let text: string
  try {
    const response = await flow.fetch(url.href, { headers: { accept: 'application/json' }, signal })
    status = response.status
    type = (response.headers.get('content-type') ?? '').toLowerCase()
    text = await boundedText(response, limits.documentBytes)
  } catch (error) {
    flow.signal.throwIfAborted()
    throw new AuthorizationError(step, `${from} can't be fetched: ${reasonOf(error)}`)
  }
  if ((status >= 400 && status < 500) || (status === 200 && type.startsWith('text/html'))) return undefined
  if (status !== 200) throw new AuthorizationError(step, `${from} can't be fetched: it answered HTTP ${status}`)
  const document = parsed(text)
  if (document === undefined) throw new AuthorizationError(step, `${from} is not a JSON object`)
  return document
}

function parsed(text: string): Document | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

export const isObject = (value: unknown): value is Document =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const isTextList = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every(item => typeof item === 'string')

/** Where the metadata of something is: the well-known name comes between origin and path (RFC 8414, RFC 9728). */
export function wellKnown(name: string, at: URL): URL {
  const path = at.pathname === '/' ? '' : at.pathname
  return new URL(`${at.origin}/.well-known/${name}${path}${at.search}`)
}
