import type { Caller, InputPort, LoggingLevel, Peer, RequestEvent, TaskRequest } from '@interlock/protocol'
import type { Host, Progress } from './host.ts'
import { never, underAll } from './signals.ts'

/** The caller of what a host calls itself: its callbacks answer and listen. */
export class HostCaller implements Caller {
  readonly peer: Peer
  readonly signal: AbortSignal
  readonly host: Host
  readonly task: TaskRequest | undefined
  readonly #onProgress: ((progress: Progress) => void) | undefined

  constructor(
    host: Host,
    peer: Peer,
    signal: AbortSignal = never,
    onProgress?: (progress: Progress) => void,
    task?: TaskRequest,
  ) {
    this.host = host
    this.peer = peer
    this.signal = signal
    this.#onProgress = onProgress
    this.task = task
  }

  get input(): InputPort {
    const { host, signal } = this
    return {
      flow: '',
      isLive: true,
      ask: (_, request, wanted = never) => underAll([signal, wanted, host.over], until => host.ask(request, until)),
      step: async (_, run) => run(),
    }
  }

  get wantsProgress(): boolean {
    return this.#onProgress !== undefined || this.host.hearsProgress
  }

  get logLevel(): LoggingLevel | undefined {
    return this.host.logLevel
  }

  notify(event: RequestEvent): void {
    if (event.kind === 'log') {
      const { kind: _, ...message } = event
      return this.host.log(message)
    }
    const { kind: _, ...progress } = event
    this.#onProgress?.(progress)
    this.host.progress(progress)
  }
}
