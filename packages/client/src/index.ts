// What a host needs
export { type CallOptions, type Client } from './client.ts'
export { type ConnectOptions, connect } from './connect.ts'
export type { ServerDescription } from './eras/conversation.ts'
export type { HostCallbacks, LogMessage, Progress, QuestionContext, Root } from './host.ts'
export { clientLimits } from './limits.ts'
export { ConnectError, type EraName } from './probe.ts'
export type { HttpTarget, InProcessTarget, LaunchTarget, Target } from './target.ts'
// What tools around a client need
export { words } from './words.ts'
