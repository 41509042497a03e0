import {
  type Call,
  type Caller,
  Cancellation,
  type DetailedTask,
  type Handler,
  isEnded,
  type RequestEvent,
  settle,
  type TaskStatus,
  toErrorObject,
} from '@interlock/protocol'
import { reportFault } from '../eras/fault.ts'
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
  readonly #tell: (task: DetailedTask) => Promise<void>
  #task: DetailedTask
  /** Writes follow one another. */
  #written: Promise<void> = Promise.resolve()
  #onEnd: () => void = () => {}

  /** @param tell keeps the task and says that it changed */
  constructor(call: Call, task: DetailedTask, answerMs: number, tell: (task: DetailedTask) => Promise<void>) {
    this.#call = call
    this.#task = task
    this.#tell = tell
    this.#input = new TaskInput(task.taskId, call.caller.peer, answerMs, () => this.#showQuestions())
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
        if (outcome.kind === 'complete') return this.#change({ status: 'completed', result: outcome.result })
        throw new TypeError(`${method} became a task twice`)
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

  /** Gives the work up: whatever it does from now on, the task stays as it is then. */
  stop(status: 'cancelled' | 'failed', reason: Error): Promise<void> {
    const error = status === 'failed' ? { error: toErrorObject(reason) } : {}
    const written = this.#change({ status, statusMessage: reason.message, ...error })
    this.#cancellation.abort(reason)
    this.#input.end(reason)
    return written
  }

  #caller(): Caller {
    const { peer, task } = this.#call.caller
    return {
      peer,
      signal: this.#cancellation.signal,
      input: this.#input,
      wantsProgress: true,
      logLevel: undefined,
      notify: event => {
        if (isEnded(this.#task)) return
        this.#note(event)
        task?.notify?.(event, this.#task.taskId)
      },
    }
  }

  /** What the work says of itself is there for whoever asks next. */
  #note(event: RequestEvent): void {
    if (event.kind !== 'progress' || event.message === undefined) return
    this.#task = { ...this.#task, statusMessage: event.message }
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
    const { inputRequests: _, ...rest } = this.#task
    this.#task = { ...rest, ...change, lastUpdatedAt: new Date().toISOString() }
    const written = this.#write()
    if (isEnded(this.#task)) void written.then(this.#onEnd)
    return written
  }

  #write(): Promise<void> {
    this.#written = this.#written
      .then(() => this.#tell(this.#task))
      .catch((error: unknown) => reportFault('a task', error))
    return this.#written
  }
}
