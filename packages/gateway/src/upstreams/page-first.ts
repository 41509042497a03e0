import { UrlElicitationRequired } from '@interlock/client'
import { code, type Peer, ProtocolError } from '@interlock/protocol'

/**
 * That the user has to go to a page first has an error of its own in sessions only. Clients without are told in the words
 * of a capability that they lack; the pages stay with it.
 */
export function inWordsOf({ revision }: Peer, error: unknown): unknown {
  if (!(error instanceof UrlElicitationRequired) || revision.features.era === 'legacy') return error
  const { message, elicitations } = error
  const requiredCapabilities = { elicitation: { url: {} } }
  return new ProtocolError(code.missingCapability, message, { requiredCapabilities, elicitations }, { cause: error })
}
