import { AuthorizationError, type Grant, type GrantRequest } from '../contract.ts'
import { discoverServer } from '../server-metadata.ts'
import { type ClientIdentity, credentialsOf, registrationAt } from './client-identity.ts'
import { ask, type EndpointAnswer } from './endpoint.ts'
import { presentAssertion, supplied } from './jwt-bearer.ts'
import { shown } from './refusal.ts'
import { checkedToken } from './token-request.ts'

const idJag = 'urn:ietf:params:oauth:token-type:id-jag'

/** The enterprise's identity provider, and the client as registered there. */
export interface IdentityProvider extends ClientIdentity {
  readonly issuer: string
  /** Default: the one that the issuer's metadata names. A secret goes to a given one as Basic. */
  readonly tokenEndpoint?: string
}

/** The client as registered at the protected server's authorization server, and where the person logged in. */
export interface EnterpriseManagedOptions extends ClientIdentity {
  readonly identityProvider: IdentityProvider
  /** The person's identity assertion, from single sign-on at the identity provider. Asked for at every login. */
  readonly identity: () => Promise<string>
  /** Default `id_token`. */
  readonly identityType?: 'id_token' | 'saml2'
}

/**
 * Tokens by the enterprise's leave (extension `enterprise-managed-authorization`): the identity provider exchanges the
 * person's identity for an assertion to the protected server's authorization server (ID-JAG), which gives tokens for it.
 */
export function enterpriseManaged(options: EnterpriseManagedOptions): Grant {
  const { identityProvider: _provider, identity: _identity, identityType: _type, ...client } = options
  return {
    name: 'enterprise-managed authorization',
    isInteractive: false,
    credentials: credentialsOf(client),
    obtain: async request => presentAssertion(request, client, await exchangeIdentity(request, options)),
  }
}

/** Token exchange (RFC 8693) for an ID-JAG. */
async function exchangeIdentity(request: GrantRequest, options: EnterpriseManagedOptions): Promise<string> {
  const { identityProvider, identity, identityType = 'id_token' } = options
  const { fetch, signal } = request
  const { issuer, tokenEndpoint } = identityProvider
  const server =
    tokenEndpoint === undefined
      ? await discoverServer({ fetch, signal, onStep: () => undefined }, issuer)
      : { issuer, token_endpoint: tokenEndpoint }
  const answer = await ask({
    endpoint: 'token_endpoint',
    step: 'token',
    // The assertion is not bound to a key, the tokens that it is turned into are.
    grant: { server, fetch, signal, prover: undefined },
    client: registrationAt(server, identityProvider),
    parameters: {
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      requested_token_type: idJag,
      audience: request.server.issuer,
      resource: request.resource,
      ...(request.scope === undefined ? {} : { scope: request.scope }),
      subject_token: await supplied('the identity assertion', signal, identity),
      subject_token_type: `urn:ietf:params:oauth:token-type:${identityType}`,
    },
  })
  const token = await checkedToken({ server }, answer, 'token', 'n_a')
  checkType(answer, 'issued_token_type', idJag)
  checkType(answer, 'token_type', 'N_A')
  return token.access_token
}

function checkType({ from, body }: EndpointAnswer, name: string, expected: string): void {
  const value = body[name]
  if (typeof value === 'string' && value.toLowerCase() === expected.toLowerCase()) return
  const found = value === undefined ? 'has none' : `says "${shown(value) ?? typeof value}"`
  const message = `${from} gave something else than an ID-JAG: expected ${name} "${expected}", the answer ${found}`
  throw new AuthorizationError('token', message)
}
