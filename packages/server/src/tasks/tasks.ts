import {
  type Call,
  type ChangeBus,
  code,
  type DetailedTask,
  type Handler,
  invalidParams,
  isEnded,
  type Outcome,
  type Peer,
  ProtocolError,
  type Task,
  type TaskDesk,
} from '@interlock/protocol'
import { after } from './expiry.ts'
import { type TaskLimits, taskLimits } from './limits.ts'
import { RunningTask } from './running-task.ts'
import { memoryTaskStore, type TaskRecord, type TaskStore } from './store.ts'

/** What a tool says of its tasks. */
export interface TaskOptions {
  readonly ttlMs?: number
  readonly pollIntervalMs?: number
}

/** The tasks of one server, in either form that the protocol has: it runs their work and answers for them. */
export class Tasks implements TaskDesk {
  readonly #changes: ChangeBus
  readonly #store: TaskStore
  readonly #limits: TaskLimits
  readonly #running = new Map<string, { readonly run: RunningTask; readonly owner: string }>()
  /** Owners of the tasks that were begun here, until their time is over. */
  readonly #kept = new Map<string, string>()

  constructor(changes: ChangeBus, store: TaskStore = memoryTaskStore(), limits: Partial<TaskLimits> = {}) {
    this.#changes = changes
    this.#store = store
    this.#limits = { ...taskLimits, ...limits }
  }

  /**
   * Makes a task of a call: `work` goes on when this has resolved, under a caller whose questions go through the task.
   * The task can be found from then on.
   * @throws ProtocolError −32603 when there are too many
   */
  async start(call: Call, work: Handler, options: TaskOptions = {}): Promise<Outcome> {
    const owner = ownerOf(call.caller.peer)
    this.#admit(owner)
    const now = new Date().toISOString()
    const ttlMs = this.#ttlOf(options.ttlMs, call.caller.task?.ttlMs)
    const task: DetailedTask = {
      taskId: newTaskId(),
      status: 'working',
      createdAt: now,
      lastUpdatedAt: now,
      ttlMs,
      pollIntervalMs: options.pollIntervalMs ?? this.#limits.pollIntervalMs,
    }
    const run = new RunningTask(call, task, this.#limits, changed => this.#tell(changed, owner))
    this.#running.set(task.taskId, { run, owner })
    this.#kept.set(task.taskId, owner)
    try {
      await this.#store.put({ task, owner })
    } catch (error) {
      this.#running.delete(task.taskId)
      this.#kept.delete(task.taskId)
      throw error
    }
    void run.ended.then(() => this.#running.delete(task.taskId))
    this.#expire(task.taskId, ttlMs)
    run.run(work)
    return { kind: 'task', task }
  }

  async get(taskId: string, peer: Peer): Promise<DetailedTask> {
    return (await this.#find(taskId, peer)).task
  }

  async list(peer: Peer): Promise<readonly Task[]> {
    const owner = ownerOf(peer)
    if (owner === '') return []
    return (await this.#store.list(owner)).map(({ task }) => task).filter(task => !isOver(task))
  }

  async answer(taskId: string, peer: Peer, responses: Readonly<Record<string, unknown>>): Promise<void> {
    const run = await this.#runOf(taskId, peer)
    for (const [key, answer] of Object.entries(responses)) run?.answer(key, answer)
  }

  async refuse(taskId: string, peer: Peer, key: string, error: Error): Promise<void> {
    const run = await this.#runOf(taskId, peer)
    run?.refuse(key, error)
  }

  async cancel(taskId: string, peer: Peer): Promise<DetailedTask> {
    const run = await this.#runOf(taskId, peer)
    await run?.stop('cancelled', new Error('the client cancelled the task'))
    return this.get(taskId, peer)
  }

  /** Gives up all work. */
  async close(): Promise<void> {
    const reason = new ProtocolError(
      code.internalError,
      'the server was shut down; whether the call took effect is unknown',
    )
    await Promise.all([...this.#running.values()].map(({ run }) => run.stop('failed', reason)))
  }

  async #find(taskId: string, peer: Peer): Promise<TaskRecord> {
    const record = await this.#store.get(taskId)
    if (record === undefined || record.owner !== ownerOf(peer) || isOver(record.task)) {
      throw invalidParams('Task not found: it has expired, or there never was one of this id')
    }
    return record
  }

  /** The work of a task that has not ended. */
  async #runOf(taskId: string, peer: Peer): Promise<RunningTask | undefined> {
    const { task } = await this.#find(taskId, peer)
    const known = this.#running.get(taskId)
    if (known !== undefined || isEnded(task)) return known?.run
    throw new ProtocolError(code.internalError, 'The work of this task is not done here: ask the server that began it')
  }

  async #tell(task: DetailedTask, owner: string): Promise<void> {
    await this.#store.put({ task, owner })
    this.#changes.publish({ kind: 'task', task })
  }

  /** @throws ProtocolError −32603 when this client, or all of them, have as many tasks as they may */
  #admit(owner: string): void {
    const { running, runningPerOwner, kept, keptPerOwner } = this.#limits
    const isOwn = (other: string): boolean => owner !== '' && other === owner
    const own = {
      running: Array.from(this.#running.values()).filter(known => isOwn(known.owner)).length,
      kept: Array.from(this.#kept.values()).filter(isOwn).length,
    }
    if (this.#running.size >= running || own.running >= runningPerOwner) {
      throw tooMany('too many tasks are being worked on; wait for one to end, or cancel one')
    }
    if (this.#kept.size >= kept || own.kept >= keptPerOwner) {
      throw tooMany('too many tasks are kept; wait until the time of one is over, or ask for shorter ones')
    }
  }

  #ttlOf(ofTool: number | undefined, asked: number | undefined): number {
    const { ttlMs, minTtlMs, maxTtlMs } = this.#limits
    if (ofTool !== undefined || asked === undefined) return ofTool ?? ttlMs
    return Math.min(Math.max(Math.ceil(asked), minTtlMs), maxTtlMs)
  }

  /** When its time is over a task ends, and is forgotten. */
  #expire(taskId: string, ttlMs: number): void {
    const late = new ProtocolError(code.internalError, `the task was not done within ${ttlMs} ms`)
    after(ttlMs, () => {
      const stopped = this.#running.get(taskId)?.run.stop('failed', late) ?? Promise.resolve()
      stopped
        .then(() => this.#store.delete(taskId))
        .catch((error: unknown) => console.error(`task ${taskId} could not be forgotten:`, error))
        .finally(() => this.#kept.delete(taskId))
    })
  }
}

const tooMany = (what: string): ProtocolError => new ProtocolError(code.internalError, what)

/** A store may hold what nobody was there to forget. */
const isOver = ({ createdAt, ttlMs }: Task): boolean => ttlMs !== null && Date.now() >= Date.parse(createdAt) + ttlMs

/** Who gets at a task: the principal, or else whoever has the session or connection; empty: whoever has the id. */
const ownerOf = ({ principal, session }: Peer): string =>
  principal === undefined ? (session === undefined ? '' : `session ${session}`) : `principal ${principal.subject}`

/** 256 bits: nobody guesses one (ext-tasks: Security Considerations). */
const newTaskId = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(32)), byte => byte.toString(16).padStart(2, '0')).join('')
