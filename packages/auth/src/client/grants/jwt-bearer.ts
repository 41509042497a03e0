import { AuthorizationError, type Grant, type GrantRequest, type Tokens } from '../contract.ts'
import { type ClientIdentity, credentialsOf, registrationAt } from './client-identity.ts'
import { requestTokens } from './token-request.ts'

/** Whom an assertion is for. */
export interface AssertionAudience {
  /** The authorization server: what `aud` should be. */
  readonly issuer: string
  /** The protected server. */
  readonly resource: string
  readonly signal: AbortSignal
}

export interface JwtBearerOptions extends Partial<ClientIdentity> {
  /** A fresh JWT that the authorization server trusts: of the cloud, the cluster, the build. Asked for at every login. */
  readonly assertion: (audience: AssertionAudience) => Promise<string>
  /** Where it comes from, such as the path of a file. Needed to use several at one server, without a clientId. */
  readonly source?: string
}

/**
 * Tokens for a workload that its platform vouches for (RFC 7523 section 2.1). A refusal is final: nothing else is tried,
 * as the assertion says all there is to say.
 */
export function jwtBearer(options: JwtBearerOptions): Grant {
  const { assertion, clientId, issuer: _bound, source, ...rest } = options
  if (clientId === undefined && (rest.clientSecret !== undefined || rest.privateKey !== undefined)) {
    throw new TypeError('a clientSecret or privateKey needs the clientId that it belongs to')
  }
  return {
    name: 'JWT bearer',
    isInteractive: false,
    credentials: { ...credentialsOf(options), ...(source !== undefined && { source }) },
    async obtain(request) {
      const { server, resource, signal } = request
      const jwt = await supplied('the assertion', signal, () => assertion({ issuer: server.issuer, resource, signal }))
      if (!isJwt(jwt)) {
        throw new AuthorizationError('token', 'the assertion is not a JWT; expected three parts joined by dots')
      }
      return presentAssertion(request, clientId === undefined ? undefined : { clientId, ...rest }, jwt)
    },
  }
}

/** Turns an assertion into tokens. */
export function presentAssertion(
  request: GrantRequest,
  client: ClientIdentity | undefined,
  assertion: string,
): Promise<Tokens> {
  return requestTokens(request, client === undefined ? undefined : registrationAt(request.server, client), {
    grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
    assertion,
    ...(request.scope === undefined ? {} : { scope: request.scope }),
  })
}

/** What the caller's function gives, without the newline that files end in. Its failure is told as ours, with its cause. */
export async function supplied(what: string, signal: AbortSignal, supply: () => Promise<string>): Promise<string> {
  const text = await supply().catch((cause: unknown) => {
    signal.throwIfAborted()
    throw new AuthorizationError('token', `${what} can't be had`, { cause })
  })
  if (text.trim() === '') throw new AuthorizationError('token', `${what} is empty`)
  return text.trim()
}

/** Signed JWTs have three parts, encrypted ones five. */
const isJwt = (text: string): boolean => /^[\w-]+(?:\.[\w-]*){2}$|^[\w-]+(?:\.[\w-]*){4}$/.test(text)
