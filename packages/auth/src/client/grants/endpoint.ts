import type { ClientAuth } from 'oauth4webapi'
import {
  allowInsecureRequests,
  customFetch,
  deviceAuthorizationRequest,
  genericTokenEndpointRequest,
  UnsupportedOperationError,
} from 'oauth4webapi'
import { boundedText, TooLarge } from '../../documents/bounded-text.ts'
import { type Document, objectIn } from '../../documents/json.ts'
import type { ClientRegistration, GrantRequest, Prover, Step } from '../contract.ts'
import { AuthorizationError } from '../contract.ts'
import { BlockedUrl } from '../url-policy.ts'
import { clientAuthentication } from './client-authentication.ts'
import { refusal, secretsOf, shown } from './refusal.ts'

const limits = {
  /** Largest answer read. Tokens travel in headers, which servers cap at 8 to 32 KiB; this leaves room for several. */
  answerBytes: 256 * 1024,
  /** Longest wait for an answer. A token endpoint asks nobody; a person would have given up. */
  answerMs: 30_000,
}

/** One request to an endpoint of an authorization server that answers with JSON. */
export interface EndpointRequest {
  readonly endpoint: 'token_endpoint' | 'device_authorization_endpoint'
  readonly step: Step
  readonly grant: Pick<GrantRequest, 'server' | 'fetch' | 'signal' | 'prover'>
  readonly client: ClientRegistration | undefined
  readonly parameters: Readonly<Record<string, string>>
}

/** No answer came: asking again later may help. */
export class Unreachable extends AuthorizationError {}

/** The JSON object of a successful answer. */
export interface EndpointAnswer {
  /** The endpoint, for messages: "the token endpoint https://…". */
  readonly from: string
  readonly body: Document
}

/**
 * Sends the request, once more when the server wants a DPoP nonce (RFC 9449 section 8), and reads the answer within
 * limits. Redirects are refused, as the request carries secrets. Which addresses may be reached, and whether in clear
 * text, is for `grant.fetch` to decide.
 * @throws AuthorizationError for every answer but a JSON object with status 200; the signal's reason once it is aborted
 */
export async function ask(request: EndpointRequest): Promise<EndpointAnswer> {
  const first = await exchange(request)
  const answer = first.wantsNonce ? await exchange(request) : first
  const { from, status, body } = answer
  // Some servers refuse with status 200.
  if (status === 200 && body !== undefined && typeof body['error'] !== 'string') return { from, body }
  throw body === undefined || typeof body['error'] !== 'string' ? unexpected(request, answer) : refused(request, answer)
}

interface Answer {
  readonly from: string
  readonly status: number
  readonly contentType: string
  /** Absent when the answer is not a JSON object. */
  readonly body: Document | undefined
  readonly wantsNonce: boolean
  /** What was sent and must not be shown. */
  readonly secrets: readonly string[]
}

async function exchange(request: EndpointRequest): Promise<Answer> {
  const { grant, step, client } = request
  const url = endpointUrl(request)
  const from = `the ${request.endpoint.replaceAll('_', ' ')} ${url.origin}${url.pathname}`
  const authentication = await clientAuthentication(client, step)
  const proof = await grant.prover?.proof('POST', url.href)
  let secrets: readonly string[] = []
  const fetch: Post = (href, init) => {
    secrets = [...secretsOf(init.body, init.headers), client?.clientSecret ?? ''].filter(Boolean)
    return grant.fetch(href, init)
  }
  try {
    const response = await post(request, authentication, proof, fetch)
    const text = await boundedText(response, limits.answerBytes)
    const body = mediaType(response) === 'application/json' ? objectIn(text) : undefined
    const hasNonce = learn(grant.prover, url, response)
    return {
      from,
      status: response.status,
      contentType: mediaType(response),
      body,
      wantsNonce: hasNonce && body?.['error'] === 'use_dpop_nonce',
      secrets,
    }
  } catch (error) {
    grant.signal.throwIfAborted()
    throw failed(step, from, error)
  }
}

type Post = (
  href: string,
  init: { readonly body: URLSearchParams; readonly headers: Record<string, string> },
) => Promise<Response>

function post(
  request: EndpointRequest,
  authentication: ClientAuth,
  proof: string | undefined,
  fetch: Post,
): Promise<Response> {
  const { grant, client, parameters } = request
  const options = {
    signal: AbortSignal.any([grant.signal, AbortSignal.timeout(limits.answerMs)]),
    ...(proof === undefined ? {} : { headers: { DPoP: proof } }),
    [allowInsecureRequests]: true,
    [customFetch]: fetch,
  }
  // The library wants an id even where the assertion alone tells who the client is; it is not sent then.
  const known = { client_id: client?.clientId ?? 'unnamed' }
  return request.endpoint === 'token_endpoint'
    ? genericTokenEndpointRequest(
        grant.server,
        known,
        authentication,
        parameters['grant_type'] ?? '',
        { ...parameters },
        options,
      )
    : deviceAuthorizationRequest(grant.server, known, authentication, { ...parameters }, options)
}

function endpointUrl(request: EndpointRequest): URL {
  const { server } = request.grant
  const value = server[request.endpoint]
  if (typeof value === 'string' && URL.canParse(value)) return new URL(value)
  const what = value === undefined ? `names no ${request.endpoint}` : `has no URL as ${request.endpoint}`
  throw new AuthorizationError(request.step, `the metadata of authorization server ${server.issuer} ${what}`)
}

/** Takes over the answer's nonce. True: there was one. */
function learn(prover: Prover | undefined, url: URL, response: Response): boolean {
  const header = (name: string): string | undefined => response.headers.get(name) ?? undefined
  prover?.learn(url.href, response.status, header)
  return prover !== undefined && header('dpop-nonce') !== undefined
}

function mediaType(response: Response): string {
  return (response.headers.get('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''
}

function failed(step: Step, from: string, error: unknown): AuthorizationError {
  if (error instanceof AuthorizationError) return error
  if (error instanceof TooLarge) return new AuthorizationError(step, `${from} answered with ${error.message}`)
  if (error instanceof BlockedUrl) return new AuthorizationError(step, `${from} may not be reached: ${error.message}`)
  if (error instanceof UnsupportedOperationError) {
    return new AuthorizationError(step, `the client's private key can't be used: ${error.message}`)
  }
  const isLate = error instanceof Error && error.name === 'TimeoutError'
  const message = isLate
    ? `${from} gave no answer within ${limits.answerMs / 1000} s; try again later`
    : `${from} can't be reached: ${reason(error)}`
  return new Unreachable(step, message)
}

/** The platform says "fetch failed" and keeps what happened in the cause. */
function reason(error: unknown): string {
  const told = error instanceof Error && error.cause instanceof Error ? error.cause : error
  return shown(told instanceof Error ? told.message : undefined) ?? 'no reason given'
}

function unexpected(request: EndpointRequest, answer: Answer): AuthorizationError {
  const { from, status, contentType } = answer
  const kind = shown(contentType) ?? 'no content type'
  const what =
    status === 0 || (status >= 300 && status < 400)
      ? 'with a redirect, which is not followed as the request carries secrets'
      : `${status} with ${kind} where a JSON object was expected`
  return new AuthorizationError(request.step, `${from} answered ${what}`)
}

function refused(request: EndpointRequest, answer: Answer): AuthorizationError {
  const { code, description } = refusal(answer.body ?? {}, answer.secrets)
  const what = request.parameters['grant_type'] ?? 'the request'
  const why = [code ?? 'an unknown error', ...(description === undefined ? [] : [`"${description}"`])].join(', ')
  const isAssertion = request.parameters['assertion'] !== undefined
  const next = code === 'invalid_grant' && isAssertion ? staleAssertion : advice.get(code ?? '')
  const message = `${answer.from} refused ${what}: ${why}${next === undefined ? '' : `; ${next}`}`
  return new AuthorizationError(request.step, message, code === undefined ? {} : { oauthError: code })
}

const staleAssertion = 'the assertion is expired, or meant for another audience or client; get a new one'

/** What a person can do about an error code. */
const advice: ReadonlyMap<string, string> = new Map([
  ['invalid_client', 'check the client id, and its secret or key'],
  ['invalid_grant', 'what was presented is expired, used up or meant for another client; log in again'],
  ['invalid_scope', 'ask for other scopes'],
  ['invalid_target', "the server does not know the resource; check the protected server's address"],
  ['unauthorized_client', 'the client is not registered for this grant; ask whoever registered it'],
  ['unsupported_grant_type', 'the server does not offer this grant; log in another way'],
  ['use_dpop_nonce', 'the server did not take the nonce that it gave'],
])
