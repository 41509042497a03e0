import { type Call, type Caller, code, isObject, type Outcome, ProtocolError, type Revision } from '@interlock/protocol'
import type { Host } from '../../host.ts'
import { clientLimits } from '../../limits.ts'
import type { Page } from '../../pages.ts'
import { underAll, unlessAborted } from '../../signals.ts'
import { requiredPages, type UrlElicitation, UrlElicitationRequired, type UrlOutcome } from '../../url-required.ts'

/**
 * What becomes of a call that failed with `first`: when the server first wants the user to go to pages, asks for their
 * consent to each and performs it again once the server says that they are done, or after a while (specification, 2025-11-25: Elicitation, URL
 * Elicitation Required Error).
 * @throws UrlElicitationRequired when the user does not go there, or the server wants the same page again
 */
export async function afterPages(
  first: unknown,
  perform: () => Promise<Outcome>,
  call: Call,
  host: Host,
  revision: () => Revision,
): Promise<Outcome> {
  const visited = new Set<string>()
  for (let error = first; ; ) {
    const wanted = requiredPages(error, revision())
    if (wanted === undefined || !(error instanceof ProtocolError)) throw error
    const isAgain = wanted.some(({ elicitationId }) => visited.has(elicitationId))
    const refusal = isAgain || visited.size >= clientLimits.pagesAtOnce ? 'not_done' : await visit(wanted, call, host)
    if (refusal !== undefined) throw new UrlElicitationRequired(error, wanted, refusal)
    for (const { elicitationId } of wanted) visited.add(elicitationId)
    try {
      return await perform()
    } catch (again) {
      error = again
    }
  }
}

/** Undefined when the user has agreed to open every page, and all is done there or has taken too long. */
async function visit(
  wanted: readonly UrlElicitation[],
  { caller }: Call,
  host: Host,
): Promise<Exclude<UrlOutcome, 'not_done'> | undefined> {
  if (caller.peer.capabilities.elicitation?.url === undefined) return 'not_asked'
  // Before anybody is asked, since a page may be done before the answer is there.
  const pages = wanted.map(({ elicitationId }) => host.pages.expect(elicitationId))
  for (const elicitation of wanted) {
    const action = await consent(elicitation, caller)
    if (action !== undefined) return action
  }
  await underAll([caller.signal, host.over], signal => finished(pages, host.pageMs, signal))
  return undefined
}

async function consent(
  elicitation: UrlElicitation,
  caller: Caller,
): Promise<Exclude<UrlOutcome, 'not_done'> | undefined> {
  try {
    const key = `elicitation/create:${elicitation.elicitationId}`
    const answer = await caller.input.ask(key, { method: 'elicitation/create', params: { ...elicitation } })
    const action = isObject(answer) ? answer['action'] : undefined
    if (action === 'accept') return undefined
    return action === 'decline' ? 'declined' : 'cancelled'
  } catch (error) {
    if (error instanceof ProtocolError && error.code === code.missingCapability) return 'not_asked'
    throw error
  }
}

async function finished(pages: readonly Page[], ms: number, signal: AbortSignal): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const patience = new Promise<void>(resolve => {
    timer = setTimeout(resolve, ms)
  })
  try {
    await unlessAborted(Promise.race([patience, Promise.all(pages.map(({ done }) => done))]).then(), signal)
  } finally {
    clearTimeout(timer)
  }
}
