import { AuthorizationError } from './contract.ts'
import { told } from './flow.ts'
import { isLoopbackHost } from './url-policy.ts'

/** Whether a token can be sent to a server so that nobody on the way sees it (RFC 6750 section 5.3). */
export const isConfidential = ({ protocol, hostname }: URL): boolean =>
  protocol === 'https:' || isLoopbackHost(hostname)

export const exposed = (server: URL): AuthorizationError =>
  new AuthorizationError(
    'authorization',
    `${told(server)} wants a login and is not https: anybody on the way could take the token; use its https URL`,
  )
