import {
  type Call,
  type Caller,
  Cancellation,
  code,
  type DetailedTask,
  type Handler,
  isEnded,
  ProtocolError,
  type RequestEvent,
  settle,
  type TaskStatus,
  toErrorObject,
} from '@interlock/protocol'
import { reportFault } from '../eras/fault.ts'
import type { TaskLimits } from './limits.ts'
import { TaskInput } from './task-input.ts'

/** What a change of a task's state brings, besides the time. */
type Change = { readonly status: TaskStatus } & Partial<
  Pick<DetailedTask, 'statusMessage' | 'inputRequests' | 'result' | 'error'>
>

/** One piece of work that goes on after its call: it runs once, and its task tells how it is. */
export class RunningTask {
  /** Settles when the work has ended or was given up, with everything written. */
  readonly ended: Promise<void>
  readonly #call: Call
  readonly #cancellation = new Cancellation()
  readonly #input: TaskInput
  readonly #resultBytes: number
  readonly #tell: (task: DetailedTask) => Promise<void>
  #task: DetailedTask
  /** Writes follow one another. */
  #written: Promise<void> = Promise.resolve()
  /** A write that has not begun will tell of every change until then. */
  #isWaiting = false
  #onEnd: () => void = () => {}

  /** @param tell keeps the task and says that it changed */
  constructor(call: Call, task: DetailedTask, limits: TaskLimits, tell: (task: DetailedTask) => Promise<void>) {
    this.#call = call
    this.#task = task
    this.#tell = tell
    this.#resultBytes = limits.resultBytes
    const { input, peer } = call.caller
    this.#input = new TaskInput(input.flow, peer, limits.answerMs, () => this.#showQuestions())
    this.ended = new Promise(resolve => {
      this.#onEnd = resolve
    })
  }

  get task(): DetailedTask {
    return this.#task
  }

  /** Starts the work. Never throws. */
  run(work: Handler): void {
    const { method } = this.#call
    settle(work, { ...this.#call, caller: this.#caller() })
      .then(outcome => {
        if (outcome.kind !== 'complete') throw new TypeError(`${method} became a task twice`)
        return this.#change({ status: 'completed', result: this.#kept(outcome.result) })
      })
      .catch((error: unknown) => {
        if (!this.#cancellation.aborted) reportFault(method, error)
        const object = toErrorObject(error)
        return this.#change({ status: 'failed', statusMessage: object.message, error: object })
      })
  }

  answer(key: string, answer: unknown): void {
    this.#input.answer(key, answer)
  }

  refuse(key: string, error: Error): void {
    this.#input.refuse(key, error)
  }

  /** Gives the work up: whatever it does from now on, the task stays as it is then. Does nothing when it has ended. */
  stop(status: 'cancelled' | 'failed', reason: Error): Promise<void> {
    if (isEnded(this.#task)) return this.#written
    const error = status === 'failed' ? { error: toErrorObject(reason) } : {}
    const written = this.#change({ status, statusMessage: reason.message, ...error })
    this.#cancellation.abort(reason)
    this.#input.end(reason)
    return written
  }

  #caller(): Caller {
    const { caller } = this.#call
    const { peer, task } = caller
    return {
      peer,
      signal: this.#cancellation.signal,
      input: this.#input,
      wantsProgress: true,
      get logLevel() {
        return task?.notify === undefined ? undefined : caller.logLevel
      },
      notify: event => {
        if (isEnded(this.#task)) return
        this.#note(event)
        task?.notify?.(event, this.#task.taskId)
      },
    }
  }

  /** @throws ProtocolError for a result that is too long to be kept; TypeError when it is no JSON */
  #kept(result: object): object {
    const { length } = new TextEncoder().encode(JSON.stringify(result))
    if (length <= this.#resultBytes) return result
    throw new ProtocolError(
      code.internalError,
      `the result has ${length} bytes, more than the ${this.#resultBytes} that are kept of a task; return a link to it instead`,
    )
  }

  /** What the work says of itself is there for whoever asks next. */
  #note(event: RequestEvent): void {
    if (event.kind !== 'progress' || event.message === undefined) return
    this.#task = { ...this.#task, statusMessage: event.message, lastUpdatedAt: new Date().toISOString() }
    void this.#write()
  }

  #showQuestions(): void {
    const { pending } = this.#input
    void this.#change(
      pending === undefined ? { status: 'working' } : { status: 'input_required', inputRequests: pending },
    )
  }

  #change(change: Change): Promise<void> {
    if (isEnded(this.#task)) return this.#written
    const { inputRequests: _, statusMessage, ...rest } = this.#task
    // How far the work had come says nothing of how it ended.
    const said = isEnded({ ...rest, ...change }) || statusMessage === undefined ? {} : { statusMessage }
    this.#task = { ...rest, ...said, ...change, lastUpdatedAt: new Date().toISOString() }
    const written = this.#write()
    if (isEnded(this.#task)) void written.then(this.#onEnd)
    return written
  }

  #write(): Promise<void> {
    if (this.#isWaiting) return this.#written
    this.#isWaiting = true
    this.#written = this.#written
      .then(() => {
        this.#isWaiting = false
        return this.#tell(this.#task)
      })
      .catch((error: unknown) => reportFault('a task', error))
    return this.#written
  }
}
