import type { Client, Progress } from '@interlock/client'
import {
  type Change,
  type ClientCapabilities,
  type CreateMessageResult,
  type ElicitResult,
  type Params,
  type Revision,
  type ServerCapabilities,
} from '@interlock/protocol'
import { type Seen, seen } from '../support/events.ts'
import type { Binding, Doors } from './doors.ts'

/** Who wrote what stands at an end: we, or the official libraries of the first and of the second generation. */
export type Make = 'own' | 'v1' | 'v2'

/** What a client can be asked: everything, nothing, or to send its user to a page only. */
export type Kind = 'full' | 'mute' | 'pages'

export interface RequestOptions {
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: Progress) => void
}

/** A connected client of whatever make and one revision, and what it was told and asked. */
export interface ClientEnd {
  readonly host: HostSide
  /** Of the gateway. */
  readonly capabilities: ServerCapabilities
  /** There for what only our own client has words for. */
  readonly own?: Client
  /** Any request, with its questions answered and its result as it came. Rejects with an error that has `code`. */
  request(method: string, params?: Params, options?: RequestOptions): Promise<Readonly<Record<string, unknown>>>
  /** Updates go to the host's `changes`. */
  subscribe(uri: string): Promise<AsyncDisposable>
  setLogLevel(level: 'debug' | 'info'): Promise<void>
  close(): Promise<unknown>
}

export interface Opening {
  readonly revision: Revision
  readonly kind: Kind
  readonly binding: Binding
  readonly doors: Doors
}

export type Speak = (opening: Opening) => Promise<ClientEnd>

/** How the host of the present test answers. */
export interface Answers {
  elicit?: (params: Params, signal: AbortSignal) => ElicitResult | Promise<ElicitResult>
  sample?: (params: Params, signal: AbortSignal) => CreateMessageResult | Promise<CreateMessageResult>
  roots?: () => { readonly uri: string; readonly name: string }[]
}

/** The program around a client: what it was asked and told, and what it answers. */
export class HostSide {
  answers: Answers = {}
  readonly asked: Seen<{ readonly method: string; readonly params: Params; readonly signal: AbortSignal }> =
    seen('question')
  readonly changes: Seen<Change> = seen('change')
  readonly logs: Seen<{ readonly level: string; readonly data: unknown; readonly logger?: string }> =
    seen('log message')
  readonly pagesDone: Seen<string> = seen('page')
  /** Codes of errors as they were on the wire, where that can be seen. */
  readonly codes: number[] = []

  elicit(params: object, signal: AbortSignal): ElicitResult | Promise<ElicitResult> {
    this.asked.add({ method: 'elicitation/create', params: { ...params }, signal })
    return (this.answers.elicit ?? unexpected)({ ...params }, signal)
  }

  sample(params: object, signal: AbortSignal): CreateMessageResult | Promise<CreateMessageResult> {
    this.asked.add({ method: 'sampling/createMessage', params: { ...params }, signal })
    return (this.answers.sample ?? unexpected)({ ...params }, signal)
  }

  roots(): { readonly uri: string; readonly name: string }[] {
    return (this.answers.roots ?? unexpected)()
  }
}

const unexpected = (): never => {
  throw new Error('nobody expected to be asked')
}

/** What each kind declares, an extension that nobody knows included. */
export const declared: Readonly<Record<Kind, ClientCapabilities>> = {
  full: {
    elicitation: { form: {}, url: {} },
    sampling: { tools: {} },
    roots: { listChanged: true },
    extensions: { 'com.example/halls': { high: true } },
  },
  mute: {},
  pages: { elicitation: { url: {} } },
}
