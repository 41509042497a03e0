import type { Flow } from '../client/flow.ts'

/** What is at a URL: a document, or how to answer. */
export type Page = object | ((init: RequestInit) => Response | Promise<Response>)

/** A web without traffic: documents by URL, and a flow that reads them. What is not there is not found. */
export function pages(documents: Readonly<Record<string, Page>>): { readonly flow: Flow; readonly asked: string[] } {
  const asked: string[] = []
  const flow: Flow = {
    signal: new AbortController().signal,
    onStep: () => {},
    async fetch(url, init = {}) {
      asked.push(url)
      const page = documents[url]
      if (page === undefined) return new Response('', { status: 404 })
      return typeof page === 'function' ? page(init) : Response.json(page)
    },
  }
  return { flow, asked }
}
