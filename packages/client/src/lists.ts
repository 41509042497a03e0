import { clip, isObject, type Outcome, type Params } from '@interlock/protocol'
import { clientLimits } from './limits.ts'

/** Reads all pages of a list. One without an end is warned of, and what came until the limit is the list. */
export async function allPages<Entry>(
  readPage: (params: Params) => Promise<object>,
  member: string,
  warn: (warning: string) => void,
): Promise<Entry[]> {
  const entries: Entry[] = []
  const cursors = new Set<unknown>()
  let params: Params = {}
  let characters = 0
  for (let page = 1; ; page += 1) {
    const result = await readPage(params)
    if (!isObject(result)) return entries
    const { nextCursor, [member]: some } = result
    // The revision's check of the result has accepted each entry.
    if (Array.isArray(some)) for (const entry of some as Entry[]) entries.push(entry)
    if (entries.length > clientLimits.listEntries) {
      warn(`lists more than ${clientLimits.listEntries} ${member}; the rest is left out`)
      return entries.slice(0, clientLimits.listEntries)
    }
    // An empty cursor is a cursor (specification: Pagination).
    if (typeof nextCursor !== 'string') return entries
    characters += JSON.stringify(some ?? null).length + nextCursor.length
    if (characters > clientLimits.listCharacters) {
      warn(`lists ${member} of more than ${clientLimits.listCharacters} characters; the rest is not read`)
      return entries
    }
    if (cursors.has(nextCursor)) {
      warn(`gives the cursor ${JSON.stringify(clip(nextCursor))} twice, so its list of ${member} may be incomplete`)
      return entries
    }
    if (page >= clientLimits.listPages) {
      warn(`has more than ${clientLimits.listPages} pages of ${member}; the rest is not read`)
      return entries
    }
    cursors.add(nextCursor)
    params = { cursor: nextCursor }
  }
}

/** Reads a list page by page until `see` has seen enough, or there is no more of it. */
export async function pagesUntil(
  readPage: (params: Params) => Promise<Outcome>,
  see: (page: Outcome, params: Params) => boolean,
): Promise<void> {
  let params: Params = {}
  for (let page = 0; page < clientLimits.listPages; page += 1) {
    const outcome = await readPage(params)
    if (see(outcome, params) || outcome.kind !== 'complete') return
    const { nextCursor } = outcome.result as { readonly nextCursor?: unknown } // of a list, which has been checked
    if (typeof nextCursor !== 'string') return
    params = { cursor: nextCursor }
  }
}
