/** What a caller, or an authorization server, may make a protected server do. */
export interface ResourceLimits {
  /** Longest access token. Those with many claims have some thousand characters. */
  readonly tokenChars: number
  /** Verified JWTs kept until they expire, or their issuer's keys are renewed: each is some kilobytes. 0: none is kept. */
  readonly verifiedTokens: number
  /** Longest token that is kept so; longer ones are checked for every request. Bounds the memory of all of them. */
  readonly verifiedTokenChars: number
  /** Longest DPoP proof. They hold one key and some short claims. */
  readonly proofChars: number
  /** Largest document of an authorization server: metadata, keys, introspection. */
  readonly documentBytes: number
  /** Time for an authorization server to answer: a caller waits for it. */
  readonly fetchMs: number
  /** Keys are renewed when they are older, in the background. */
  readonly keysFreshMs: number
  /** Keys that could not be renewed are not used beyond: what was withdrawn meanwhile would go on to be accepted. */
  readonly keysStaleMs: number
  /** Time between two attempts to get keys, whatever callers send: forged key ids must cost the issuer nothing. */
  readonly keysRetryMs: number
  /** How long the answer of introspection is kept, at most until the token expires: so long a revoked one is accepted. */
  readonly introspectedMs: number
  /** Tokens whose introspection is kept. */
  readonly introspectedTokens: number
  /** Introspections under way at once. Above it callers are told to try again: made-up tokens must not flood the issuer. */
  readonly introspections: number
  /** How long it is remembered that a token is refused, so that it costs the issuer one question; `introspectedTokens` of them. */
  readonly refusedMs: number
  /** Age of a DPoP proof, besides the clock skew: it is made for its request. */
  readonly proofAgeSec: number
  /** Proofs remembered against replay, for as long as they would be accepted. Above it new ones are refused. */
  readonly proofs: number
  /** The same of one subject, so that nobody takes the room of all: some 80 requests a second. */
  readonly proofsPerSubject: number
  /** A nonce for DPoP is accepted at least for so long, at most twice that. */
  readonly nonceMs: number
}

export const resourceLimits: ResourceLimits = {
  tokenChars: 16 * 1024,
  verifiedTokens: 10_000,
  verifiedTokenChars: 4 * 1024,
  proofChars: 8 * 1024,
  documentBytes: 512 * 1024,
  fetchMs: 5_000,
  keysFreshMs: 10 * 60_000,
  keysStaleMs: 60 * 60_000,
  keysRetryMs: 5_000,
  introspectedMs: 15_000,
  introspectedTokens: 10_000,
  introspections: 50,
  refusedMs: 5_000,
  proofAgeSec: 60,
  proofs: 100_000,
  proofsPerSubject: 10_000,
  nonceMs: 3 * 60_000,
}
