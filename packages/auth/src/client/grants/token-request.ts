import type { TokenEndpointResponse } from 'oauth4webapi'
import { processGenericTokenEndpointResponse } from 'oauth4webapi'
import type { ClientRegistration, GrantRequest, Step, Tokens } from '../contract.ts'
import { AuthorizationError } from '../contract.ts'
import type { EndpointAnswer } from './endpoint.ts'
import { ask } from './endpoint.ts'

/**
 * Longest time that `expires_in` is believed. A token that claims to live longer is refreshed once a year; and no sum
 * with the clock leaves the range of dates.
 */
const maxLifetimeSeconds = 365 * 24 * 60 * 60

/**
 * Sends one request to the token endpoint, whatever the grant: `parameters` has `grant_type` and what belongs to it,
 * `scope` included. Adds `resource` (RFC 8707), the client's authentication and, with a prover, a DPoP proof.
 * Without a client none is named: for assertions that tell by themselves who presents them.
 * @throws AuthorizationError with the step "refresh" for a refresh and "token" otherwise; its texts and causes have
 * nothing of what was sent or received but the server's error, cleaned. The signal's reason once it is aborted
 */
export async function requestTokens(
  request: GrantRequest,
  client: ClientRegistration | undefined,
  parameters: Readonly<Record<string, string>>,
): Promise<Tokens> {
  const step: Step = parameters['grant_type'] === 'refresh_token' ? 'refresh' : 'token'
  const sent = { resource: request.resource, ...parameters }
  const answer = await ask({ endpoint: 'token_endpoint', step, grant: request, client, parameters: sent })
  const token = await checkedToken(request, answer, step)
  checkBinding(request, answer, token, step)
  const scope = token.scope ?? request.scope
  return {
    accessToken: token.access_token,
    tokenType: token.token_type === 'dpop' ? 'dpop' : 'bearer',
    ...(token.expires_in === undefined ? {} : { expiresAtMs: expiry(token.expires_in) }),
    ...(token.refresh_token === undefined ? {} : { refreshToken: token.refresh_token }),
    ...(scope === undefined ? {} : { scope }),
    ...(request.prover === undefined ? {} : { key: request.prover.key }),
  }
}

/**
 * Checks a token answer (RFC 6749 section 5.1).
 * @param extraType a `token_type` besides `Bearer` and `DPoP`, in lower case
 */
export async function checkedToken(
  request: Pick<GrantRequest, 'server'>,
  answer: EndpointAnswer,
  step: Step,
  extraType?: Lowercase<string>,
): Promise<TokenEndpointResponse> {
  // Who the person is does not matter to the flow, so an identity token is neither kept nor a reason to fail.
  const { id_token: _unused, ...body } = answer.body
  const options = extraType === undefined ? {} : { recognizedTokenTypes: { [extraType]: () => undefined } }
  const response = Response.json(body)
  // The library's errors hold the whole answer, tokens included: only their fixed messages are used.
  const token = await processGenericTokenEndpointResponse(
    request.server,
    { client_id: 'unnamed' },
    response,
    options,
  ).catch((error: unknown) => {
    const why = error instanceof Error ? error.message.replaceAll(/"response" body |`|"/g, '') : 'no token'
    throw new AuthorizationError(step, `${answer.from} gave no usable token: ${why}`)
  })
  for (const name of ['access_token', 'refresh_token'] as const) {
    // Anything else can't be sent in a header or a form (RFC 6749 appendix A).
    if (token[name] !== undefined && !/^[\x21-\x7e]+$/.test(token[name])) {
      throw new AuthorizationError(
        step,
        `${answer.from} gave no usable token: ${name} has characters that no token has`,
      )
    }
  }
  return token
}

/** A proof was sent or it was not, and the token has to be bound accordingly (RFC 9449 section 5). */
function checkBinding(request: GrantRequest, answer: EndpointAnswer, token: TokenEndpointResponse, step: Step): void {
  const isBound = token.token_type === 'dpop'
  if (isBound === (request.prover !== undefined)) return
  const message = isBound
    ? `${answer.from} gave a DPoP token although no key was shown; expected token_type Bearer`
    : `${answer.from} gave a token that is not bound to the key it was shown; expected token_type DPoP`
  throw new AuthorizationError(step, message)
}

function expiry(expiresIn: number): number {
  return Date.now() + Math.min(expiresIn, maxLifetimeSeconds) * 1000
}
