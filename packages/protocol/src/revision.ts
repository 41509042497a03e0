import type { Version } from './revisions/index.ts'

export type Sender = 'client' | 'server' | 'both'

/**
 * What the schema says about one request. Checks answer yes or no and never change or copy the value. Those of a
 * `Revision` are for servers; to check what only clients receive, see `receivedByClients`.
 */
export interface RequestChecks {
  readonly from: Sender
  params(value: unknown): boolean
  /** Accepts the result of a request that is complete; other kinds of answer are in `ClientChecks.entries`. */
  result(value: unknown): boolean
  /** Names of the definitions behind the two checks, to hand to `explain`. */
  readonly names: { readonly params: string; readonly result: string }
}

/** What the schema says about one notification. */
export interface NotificationChecks {
  readonly from: Sender
  params(value: unknown): boolean
  /** Name of the definition behind the check, to hand to `explain`. */
  readonly name: string
}

/** Turns a payload of the newest model into a revision's own. Never changes its input; returns it when nothing differs. */
export type Lowering = (value: Record<string, unknown>) => Record<string, unknown>

/**
 * Turns the answer to a lowered question back into an answer to the question as the newest model put it (`asked`).
 * Never changes its input; returns it when nothing differs.
 */
export type Lifting = (answer: Record<string, unknown>, asked: Record<string, unknown>) => Record<string, unknown>

/** Lowerings by method. A method without a row is the same in both revisions. */
export interface Lowerings {
  /** Results of both directions: `tools/call` of a server, `sampling/createMessage` of a client. */
  readonly results?: Readonly<Record<string, Lowering>>
  /** Params of what a server asks its client: `elicitation/create`, `sampling/createMessage`. */
  readonly requests?: Readonly<Record<string, Lowering>>
  /** Params of notifications. */
  readonly notifications?: Readonly<Record<string, Lowering>>
  /** The server's capabilities. */
  readonly capabilities?: Lowering
  /** The server's or client's `Implementation`. */
  readonly info?: Lowering
}

/** What a revision can do. A conditional that remains after lowering reads one of these, never a date. */
export interface Features {
  /** `legacy` holds a session that `initialize` opens; `modern` says who is calling on every request. */
  readonly era: 'legacy' | 'modern'
  /** JSON-RPC batches are received. */
  readonly batch: boolean
  /** HTTP requests carry `MCP-Protocol-Version`. */
  readonly versionHeader: boolean
  /** HTTP goes through one endpoint (`streamable`), or through an event stream and a second endpoint it names (`sse`). */
  readonly http: 'streamable' | 'sse'
  readonly elicitation: 'none' | 'form' | 'form+url'
  /** A sampling request may carry tools, and its messages their use and their results. */
  readonly samplingTools: boolean
  readonly structuredContent: 'none' | 'object' | 'any'
  readonly resourceLinks: boolean
  readonly audio: boolean
  /** `completion/complete` carries the arguments already chosen. */
  readonly completionContext: boolean
  /** The server says that it has `completion/complete` through a capability. */
  readonly completionsCapability: boolean
  /** Error code for a resource that does not exist. */
  readonly resourceNotFound: -32002 | -32602
  readonly tasks: 'none' | 'core' | 'extension'
  /** A broken HTTP stream may be resumed with `Last-Event-ID`. */
  readonly resumable: boolean
  /** A resumable stream starts with an event that has an id and no data. */
  readonly streamPriming: boolean
}

export type Check = (value: unknown) => boolean

/** Checks of single values, so that one broken entry of a list can be dropped and the rest kept. */
export interface Entries {
  readonly Tool: Check
  readonly Resource: Check
  readonly ResourceTemplate: Check
  readonly Prompt: Check
  readonly ContentBlock: Check
  /** Answers a request that became a task. */
  readonly CreateTaskResult?: Check
  /** Answers a request that needs input first. */
  readonly InputRequiredResult?: Check
}

/** A definition of the schema as data: the keywords that constrain, with references by plain name. */
export interface Shape {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly const?: string | number | boolean
  readonly enum?: readonly (string | number)[]
  readonly anyOf?: readonly Shape[]
  readonly allOf?: readonly Shape[]
  readonly items?: Shape
  readonly maxItems?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly properties?: Readonly<Record<string, Shape>>
  readonly required?: readonly string[]
  readonly additionalProperties?: Shape | boolean
}

/** What one side checks of what it receives. */
export interface Checks {
  readonly requests: Readonly<Record<string, RequestChecks>>
  readonly notifications: Readonly<Record<string, NotificationChecks>>
  /** A definition as data, to say where a value goes wrong. @throws {TypeError} for a definition that is not there */
  shape(definition: string): Shape
}

/** What a client checks: all that there is, since it may be asked as well. */
export interface ClientChecks extends Checks {
  readonly entries: Entries
}

/**
 * One dated revision of the specification, as data, with the checks of what a server receives. The others (`result` of
 * what only clients ask, `params` of what only servers send) throw when they are used: they are in `receivedByClients`,
 * so that no server carries them.
 */
export interface Revision extends Checks {
  readonly version: Version
  readonly features: Features
  /** Composed: from the newest model straight to this revision. Empty for the newest. */
  readonly lower: Lowerings
  /** By method, for the results of what a server asked its client. Composed like `lower`. */
  readonly lift: Readonly<Record<string, Lifting>>
  /** What a tool returns may be checked one by one. */
  readonly entries: Pick<Entries, 'ContentBlock'>
}
