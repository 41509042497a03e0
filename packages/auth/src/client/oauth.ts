import { TransportError } from '@interlock/protocol'
import type { Authorize, Headers, HttpAnswer, HttpCall, HttpSend } from '@interlock/transport'
import { type Demand, demandOf } from './challenge.ts'
import { exposed, isConfidential } from './confidential.ts'
import { AuthorizationError, type Tokens } from './contract.ts'
import { quoted, told } from './flow.ts'
import { Login } from './login.ts'
import { memoryStore } from './memory-store.ts'
import { covers } from './scopes.ts'
import { type OAuthOptions, settled } from './settings.ts'

const limits = {
  /** New tokens for one operation. Each may cost a person a login; a server that is not content with three never is. */
  attempts: 3,
  /** Operations whose attempts are remembered, so that trying again does not begin anew. */
  operations: 100,
}

/**
 * Logs in to a server when it asks for it, and sends tokens with every request to its origin (specification:
 * Authorization). Tokens are refreshed before they end, and shared by all who share the store.
 *
 * Requests reject with a `TransportError` whose cause is an `AuthorizationError` when no token can be had;
 * `authorizationErrorIn` finds it.
 * @example
 * await using client = await connect('https://mcp.example.com', { auth: oauth({ store, presence }) })
 */
export function oauth(options: OAuthOptions = {}): Authorize {
  const { store = memoryStore() } = options
  return (send, server) => {
    const login = new Login(server, settled(options, store, server))
    const stepUps = new Tally()
    return async call => {
      // A token is for its server alone, wherever a redirect leads.
      if (call.url.origin !== server.origin) return send(call)
      try {
        return await authorized(call, { send, server, login, stepUps })
      } catch (error) {
        if (!(error instanceof AuthorizationError)) throw error
        throw new TransportError('http_status', error.message, { status: 401, cause: error })
      }
    }
  }
}

/** The `AuthorizationError` behind an error of a connection or a call, if that is what it comes from. */
export function authorizationErrorIn(error: unknown): AuthorizationError | undefined {
  for (let at = error, depth = 0; at instanceof Error && depth < 10; at = at.cause, depth += 1) {
    if (at instanceof AuthorizationError) return at
  }
  return undefined
}

interface Link {
  readonly send: HttpSend
  readonly server: URL
  readonly login: Login
  readonly stepUps: Tally
}

async function authorized(call: HttpCall, link: Link): Promise<HttpAnswer> {
  const { login, stepUps, server } = link
  const mayLogIn = isConfidential(server)
  let isFresh = false
  for (let attempts = 0; ; attempts += 1) {
    const tokens = mayLogIn ? await login.tokens(call.signal) : undefined
    const answer = await withTokens(call, link, tokens)
    const demand = demandIn(answer)
    if (demand === undefined) {
      if (tokens !== undefined && answer.status < 400) stepUps.forget(call)
      return answer
    }
    const isStepUp = answer.status === 403
    const tried = isStepUp ? Math.max(attempts, stepUps.of(call)) : attempts
    answer.close()
    if (!mayLogIn) throw exposed(server)
    // A token that was just made and has all that is wanted is as good as any other would be.
    const isPointless = isFresh && (!isStepUp || covers(tokens?.scope, demand.scope))
    if (tried >= limits.attempts || isPointless) throw unsatisfied(server, demand, isStepUp)
    if (isStepUp) stepUps.add(call)
    isFresh = (await login.renew({ used: tokens, demand, isStepUp }, call.signal)).isFresh
  }
}

function unsatisfied(server: URL, { scope }: Demand, isStepUp: boolean): AuthorizationError {
  const message = isStepUp
    ? `${told(server)} wants ${scope === undefined ? 'more scopes' : `scope ${quoted(scope)}`} and is not content with the tokens that it was shown; ask whoever runs it whether the account may have that`
    : `${told(server)} takes no token, not even one that its authorization server has just issued for it; whoever runs the server has to find out why, and its log may tell`
  return new AuthorizationError('token', message)
}

/** What a refusal demands of a client of OAuth; `undefined` when the answer is none, or is about something else. */
function demandIn(answer: HttpAnswer): Demand | undefined {
  if (answer.status !== 401 && answer.status !== 403) return undefined
  const demand = demandOf(answer.header('www-authenticate'))
  return answer.status === 401 || demand?.error === 'insufficient_scope' ? demand : undefined
}

/** Sends with the tokens; with a bound one, once more when the server wants a nonce in the proof (RFC 9449 section 9). */
async function withTokens(call: HttpCall, { send, login }: Link, tokens: Tokens | undefined): Promise<HttpAnswer> {
  if (tokens === undefined) return send(call)
  if (tokens.tokenType === 'bearer') return send(withHeaders(call, { authorization: `Bearer ${tokens.accessToken}` }))
  const prover = await login.prover(tokens)
  for (let isRepeated = false; ; isRepeated = true) {
    const proof = await prover.proof(call.method, call.url.href, tokens.accessToken)
    const answer = await send(withHeaders(call, { authorization: `DPoP ${tokens.accessToken}`, dpop: proof }))
    const wantsNonce = prover.learn(call.url.href, answer.status, name => answer.header(name))
    if (!wantsNonce || isRepeated) return answer
    answer.close()
  }
}

const withHeaders = (call: HttpCall, headers: Headers): HttpCall => ({
  ...call,
  headers: { ...call.headers, ...headers },
})

/** How often scopes were added for an operation, without it having succeeded since. */
class Tally {
  readonly #counts = new Map<string, number>()

  of(call: HttpCall): number {
    return this.#counts.get(operationOf(call)) ?? 0
  }

  add(call: HttpCall): void {
    const operation = operationOf(call)
    const count = this.of(call) + 1
    this.#counts.delete(operation)
    this.#counts.set(operation, count)
    const [oldest] = this.#counts.keys()
    if (this.#counts.size > limits.operations && oldest !== undefined) this.#counts.delete(oldest)
  }

  forget(call: HttpCall): void {
    if (this.#counts.size > 0) this.#counts.delete(operationOf(call))
  }
}

/** What a request is for: method and name, as the body has them. */
function operationOf({ method, url, body }: HttpCall): string {
  const fallback = `${method} ${url.pathname}`
  try {
    const { method: rpc, params } = JSON.parse(body ?? '') as { method?: unknown; params?: Record<string, unknown> }
    const name = params?.['name'] ?? params?.['uri'] ?? ''
    return typeof rpc === 'string' ? `${rpc} ${String(name)}` : fallback
  } catch {
    return fallback
  }
}
