import { boundedText } from '../documents/bounded-text.ts'
import { type Document, objectIn } from '../documents/json.ts'
import { AuthorizationError, type Step } from './contract.ts'
import { type Flow, reasonOf, told } from './flow.ts'

const limits = {
  /** Largest metadata document. The largest in use have some 10 KiB. */
  documentBytes: 256 * 1024,
  /** Longest wait for one document. They are static; a person waits for several of them in turn. */
  documentMs: 15_000,
}

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
  const document = objectIn(text)
  if (document === undefined) throw new AuthorizationError(step, `${from} is not a JSON object`)
  return document
}
