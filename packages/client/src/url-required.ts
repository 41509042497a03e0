import { code, isObject, ProtocolError, type Revision, receivedByClients } from '@interlock/protocol'
import { clientLimits } from './limits.ts'

/** A page that the person has to go to before a call can be done. It is not to be opened before they agreed to its URL. */
export interface UrlElicitation {
  readonly mode: 'url'
  readonly elicitationId: string
  /** To be shown whole, and never to be fetched. */
  readonly url: string
  readonly message: string
}

/** Why a call was not repeated by itself. */
export type UrlOutcome =
  /** Nobody can be sent to a page: no callback takes such questions. */
  | 'not_asked'
  | 'declined'
  | 'cancelled'
  /** The person went there, and the server wants the same once more. Calling again later may help. */
  | 'not_done'

const reasons: Readonly<Record<UrlOutcome, string>> = {
  not_asked: 'this client cannot send its user to a page',
  declined: 'the user declined to open the page',
  cancelled: 'the user did not say whether to open the page',
  not_done: 'the page was opened but what it is for is not done; call again when it is',
}

/**
 * A call that cannot be done before the user has been to a page (specification, 2025-11-25: Elicitation, URL Elicitation
 * Required Error). Nothing has been done; it may be called again.
 */
export class UrlElicitationRequired extends ProtocolError {
  readonly elicitations: readonly UrlElicitation[]
  readonly outcome: UrlOutcome

  constructor(error: ProtocolError, elicitations: readonly UrlElicitation[], outcome: UrlOutcome) {
    const byHand =
      outcome === 'not_asked' ? `; open ${elicitations.map(({ url }) => url).join(' and ')}, then call again` : ''
    super(error.code, `${error.message}: ${reasons[outcome]}${byHand}`, error.data, { cause: error })
    this.name = 'UrlElicitationRequired'
    this.elicitations = elicitations
    this.outcome = outcome
  }
}

/** The pages that an error wants; undefined when it is another error, or wants them in a way that breaks the specification. */
export function requiredPages(error: unknown, revision: Revision): readonly UrlElicitation[] | undefined {
  if (!(error instanceof ProtocolError) || error.code !== code.urlElicitationRequired) return undefined
  if (revision.features.elicitation !== 'form+url') return undefined
  const elicitations: unknown = isObject(error.data) ? error.data['elicitations'] : undefined
  if (!Array.isArray(elicitations) || elicitations.length < 1) return undefined
  if (elicitations.length > clientLimits.pagesAtOnce) return undefined
  const entries: readonly unknown[] = elicitations
  return entries.every((entry): entry is UrlElicitation => isUrlElicitation(entry, revision)) ? entries : undefined
}

const isUrlElicitation = (entry: unknown, revision: Revision): entry is UrlElicitation =>
  isObject(entry) &&
  entry['mode'] === 'url' &&
  typeof entry['elicitationId'] === 'string' &&
  receivedByClients(revision).requests['elicitation/create']?.params(entry) === true
