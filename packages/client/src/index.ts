// What a host needs
export type { CacheLimits, CacheMode } from './cache.ts'
export { type CallOptions, type Client } from './client.ts'
export { type ConnectOptions, connect } from './connect.ts'
export type { ServerDescription } from './eras/conversation.ts'
export type { HostCallbacks, LogMessage, Progress, QuestionContext, Root } from './host.ts'
export { clientLimits } from './limits.ts'
export { OutputMismatch } from './output-schemas.ts'
export { ConnectError, type EraName } from './probe.ts'
export type { HttpTarget, InProcessTarget, LaunchTarget, Target } from './target.ts'
export type { Trace, TraceContext } from './trace.ts'
export { type UrlElicitation, UrlElicitationRequired, type UrlOutcome } from './url-required.ts'
// What tools around a client need
export { words } from './words.ts'
