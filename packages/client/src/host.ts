import {
  type ClientCapabilities,
  type CreateMessageRequestParams,
  type CreateMessageResult,
  code,
  type ElicitRequestParams,
  type ElicitResult,
  type Implementation,
  type InputRequest,
  type LoggingLevel,
  type Peer,
  ProtocolError,
  type RequestEvent,
  type Revision,
  revisionsNamed,
} from '@interlock/protocol'
import { declared, declaredInSessions } from './capabilities.ts'
import { withDefaults } from './form-defaults.ts'
import { clientLimits } from './limits.ts'
import { Pages } from './pages.ts'
import { never } from './signals.ts'

type Event<Kind> = Omit<Extract<RequestEvent, { kind: Kind }>, 'kind'>

/** How far a call has come. */
export type Progress = Event<'progress'>

/** Something the server wants to have noted. */
export type LogMessage = Event<'log'>

/** A directory or file that a server may work on. */
export interface Root {
  /** A `file://` URI; anything else is left out, with a warning. */
  readonly uri: string
  readonly name?: string
}

export interface QuestionContext {
  /** Aborted when the answer is not wanted any more. */
  readonly signal: AbortSignal
}

/** What a host does for its servers. A capability is declared for each kind of question that has a callback. */
export interface HostCallbacks {
  /**
   * Asks the user, as a form or, with `elicitUrl`, by sending them to a page. Fields that an accepted answer leaves out
   * get the form's defaults.
   */
  readonly onElicit?: (request: ElicitRequestParams, context: QuestionContext) => ElicitResult | Promise<ElicitResult>
  /** `onElicit` understands `mode: "url"` as well. */
  readonly elicitUrl?: boolean
  /** Asks the model (specification: Sampling). The user should see, and be able to change, what is asked and answered. */
  readonly onSample?: (
    request: CreateMessageRequestParams,
    context: QuestionContext,
  ) => CreateMessageResult | Promise<CreateMessageResult>
  /** `onSample` understands requests that hold tools. */
  readonly sampleTools?: boolean
  /**
   * Hears that a user is done at the page that they were sent to (`elicitationId` of what `onElicit` was asked), when the
   * server tells.
   */
  readonly onPageDone?: (elicitationId: string) => void
  /** Asked whenever a server wants to know. Who has other roots now calls `Client.rootsChanged`. */
  readonly onRoots?: (context: QuestionContext) => readonly Root[] | Promise<readonly Root[]>
  readonly onLog?: (message: LogMessage) => void
  /** Hears of the progress of every call, besides the call's own `onProgress`. */
  readonly onProgress?: (progress: Progress) => void
  /** What a server does wrong without making a call fail: a broken tool in a list, a message nobody can read. */
  readonly onWarning?: (warning: string) => void
}

export interface HostOptions extends HostCallbacks {
  readonly info: Implementation
  /** Revisions to speak, by name; a server that speaks none of them is not connected to. Default: all. */
  readonly revisions?: readonly string[]
  /**
   * Whether servers of revision 2025-11-25 may have their questions, other than for roots, answered as a task of this
   * client: asked now, and its answer fetched later. Default: no.
   */
  readonly questionTasks?: boolean
  /** Whether servers may answer with a task, which the client then looks after. Default: yes. */
  readonly takesTasks?: boolean
  /** Declared instead of what the callbacks imply, by whoever passes questions on to somebody else. */
  readonly capabilities?: ClientCapabilities
  /**
   * Extensions that the host knows, with what servers are told of each, besides tasks (`takesTasks`); for example
   * `{ 'io.modelcontextprotocol/ui': { mimeTypes: ['text/html;profile=mcp-app'] } }`.
   */
  readonly extensions?: NonNullable<ClientCapabilities['extensions']>
  /**
   * A call that first needs its user to go to a page is made again when the server, or `Client.pageDone`, says that all
   * is done there, or after this long. Default: `clientLimits.pageMs`; 0 makes it again at once.
   */
  readonly pageMs?: number
}

/** The side of the client that servers can ask and tell things. */
export class Host {
  readonly info: Implementation
  readonly capabilities: ClientCapabilities
  /** What a session is opened with: what else holds in sessions only. */
  readonly sessionCapabilities: ClientCapabilities
  /** Those that are spoken, newest first. */
  readonly revisions: readonly Revision[]
  readonly takesTasks: boolean
  readonly questionTasks: boolean
  /** Least severe log message that modern servers are asked for. */
  logLevel: LoggingLevel | undefined
  /** Pages that the user was sent to. */
  readonly pages: Pages
  readonly pageMs: number
  #peer: Peer | undefined
  readonly #callbacks: HostCallbacks
  readonly #stop = new AbortController()

  constructor(options: HostOptions) {
    this.info = options.info
    this.pages = new Pages(elicitationId => options.onPageDone?.(elicitationId))
    this.pageMs = options.pageMs ?? clientLimits.pageMs
    this.capabilities = declared(options)
    this.sessionCapabilities = declaredInSessions(options)
    this.revisions = revisionsNamed(options.revisions)
    this.takesTasks = options.takesTasks ?? true
    this.questionTasks = options.questionTasks ?? false
    this.logLevel = options.onLog === undefined ? undefined : 'info'
    this.#callbacks = options
  }

  /** Aborted when the connection is over: nobody is asked any more, and nothing waited for. */
  get over(): AbortSignal {
    return this.#stop.signal
  }

  stop(reason: unknown): void {
    this.#stop.abort(reason)
  }

  /** What it is to a server of this revision. */
  as(revision: Revision): Peer {
    const { info, capabilities } = this
    if (this.#peer?.revision !== revision) this.#peer = { revision, info, capabilities }
    return this.#peer
  }

  get hearsProgress(): boolean {
    return this.#callbacks.onProgress !== undefined
  }

  warn(warning: string): void {
    this.#callbacks.onWarning?.(warning)
  }

  log(message: LogMessage): void {
    this.#callbacks.onLog?.(message)
  }

  progress(progress: Progress): void {
    this.#callbacks.onProgress?.(progress)
  }

  /** Answers a server's question. @throws ProtocolError −32021 when nothing answers such questions. */
  async ask({ method, params = {} }: InputRequest, signal: AbortSignal = never): Promise<unknown> {
    const { onElicit, elicitUrl, onSample, onRoots } = this.#callbacks
    switch (method) {
      case 'elicitation/create': {
        const isUrl = params['mode'] === 'url'
        if (onElicit === undefined || (isUrl && !elicitUrl))
          throw notOffered({ elicitation: isUrl ? { url: {} } : { form: {} } })
        // The revision's check has accepted the params as those of an elicitation.
        const request = params as unknown as ElicitRequestParams
        return withDefaults(request, await onElicit(request, { signal }))
      }
      case 'sampling/createMessage':
        if (onSample === undefined) throw notOffered({ sampling: {} })
        if ((params['tools'] ?? params['toolChoice']) !== undefined && !this.capabilities.sampling?.tools)
          throw notOffered({ sampling: { tools: {} } })
        return onSample(params as unknown as CreateMessageRequestParams, { signal })
      case 'roots/list':
        if (onRoots === undefined) throw notOffered({ roots: {} })
        return { roots: (await onRoots({ signal })).filter(root => this.#isFile(root)) }
    }
  }

  /** Nothing else is a root (specification: Roots, Root). */
  #isFile({ uri }: Root): boolean {
    const isFile = uri.startsWith('file://')
    if (!isFile) this.warn(`the root ${JSON.stringify(uri)} was not told to the server: a root is a file:// URI`)
    return isFile
  }
}

function notOffered(requiredCapabilities: ClientCapabilities): ProtocolError {
  const [kind] = Object.keys(requiredCapabilities)
  return new ProtocolError(code.missingCapability, `Missing capability: this client does not offer ${kind}`, {
    requiredCapabilities,
  })
}
