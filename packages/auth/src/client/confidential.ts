import { addressKind } from './address.ts'
import { AuthorizationError } from './contract.ts'
import { told } from './flow.ts'

/**
 * Whether a token can be sent to a server so that nobody on the way sees it (RFC 6750 section 5.3). Names below
 * `localhost` are for a resolver to answer, and not every one knows that they mean this machine (RFC 6761 section 6.3).
 */
export const isConfidential = ({ protocol, hostname }: URL): boolean =>
  protocol === 'https:' || hostname === 'localhost' || addressKind(hostname) === 'loopback'

export const exposed = (server: URL): AuthorizationError =>
  new AuthorizationError(
    'authorization',
    `${told(server)} wants a login and is not https: anybody on the way could take the token; use its https URL, or http://127.0.0.1 where it runs on this machine`,
  )
