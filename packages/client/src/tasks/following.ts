import {
  type Caller,
  type Complete,
  code,
  type DetailedTask,
  forget,
  type InputPort,
  isEnded,
  onAbort,
  ProtocolError,
  type Task,
  TransportError,
} from '@interlock/protocol'
import type { Attendance } from '../eras/conversation.ts'
import { unlessAborted } from '../signals.ts'
import type { Timing } from '../wire.ts'
import { pollMs, taskLimits } from './limits.ts'
import { Patience } from './patience.ts'
import { asUnknown, errorOf, isPassing, type TaskRequests } from './requests.ts'
import { TaskQuestions } from './task-questions.ts'

/** How one wait for the result ended: with it, with an error of the server, or with nothing yet. */
type Waited =
  | { readonly kind: 'result'; readonly outcome: Complete }
  | { readonly kind: 'refused'; readonly error: ProtocolError }
  | { readonly kind: 'silent' | 'broken' }

/**
 * One caller's wait for the end of a task. What the task asks is asked of the caller, each question once; when the caller
 * gives up, a question cannot be answered, or the time is over, the task is cancelled.
 */
export class Following {
  readonly #requests: TaskRequests
  readonly #seed: Task
  readonly #caller: Caller
  readonly #timing: Timing
  readonly #stop = new AbortController()
  readonly #patience: Patience
  /** Who makes the requests about the task. */
  readonly #asker: Caller
  readonly #questions: TaskQuestions
  /** What the server told by itself since the last look. */
  #told: DetailedTask | undefined
  /** Something happened since the last pause began. */
  #isRoused = false
  #wake: () => void = () => {}
  #asked = 0
  #notes = 0
  #lastNote: string | undefined
  readonly #seenAt: number = Date.now()

  constructor(requests: TaskRequests, seed: Task, caller: Caller, timing: Timing) {
    this.#requests = requests
    this.#seed = seed
    this.#caller = caller
    this.#timing = timing
    this.#patience = new Patience(timing.maxTotalMs, () => this.stop(this.#late()))
    this.#asker = {
      peer: caller.peer,
      signal: this.#stop.signal,
      input: this.#held(caller),
      wantsProgress: false,
      logLevel: undefined,
      notify: event => caller.notify(event),
    }
    this.#questions = new TaskQuestions(requests, seed, this.#asker, timing.timeoutMs, {
      onAnswered: () => this.#answered(),
      onFailed: error => this.stop(error),
    })
  }

  /** Ends the wait with this reason. */
  stop(reason: unknown): void {
    this.#stop.abort(reason)
  }

  /**
   * @throws ProtocolError with which the task ended; TransportError when its server knows it no more, cannot be asked any
   * more, or the time is over; the reason of the caller's signal
   */
  async run(): Promise<Complete> {
    const { signal } = this.#caller
    const giveUp = (reason: unknown): void => this.stop(reason)
    if (signal.aborted) giveUp(signal.reason)
    onAbort(signal, giveUp)
    const { taskId } = this.#seed
    const attendance = this.#requests.conversation.attend(taskId, this.#asker, task => this.#tell(task))
    try {
      this.#stop.signal.throwIfAborted()
      return await (this.#requests.isCore ? this.#wait() : this.#poll(attendance))
    } catch (error) {
      if (!this.#stop.signal.aborted) throw error
      this.#cancel()
      throw this.#stop.signal.reason
    } finally {
      forget(signal, giveUp)
      attendance[Symbol.dispose]()
      this.#patience[Symbol.dispose]()
      this.#questions[Symbol.dispose]()
    }
  }

  /** The extension: looks from time to time, or when the server says that something changed. */
  async #poll(attendance: Attendance): Promise<Complete> {
    attendance.heard?.then(isHeard => isHeard && this.#rouse()).catch(() => {})
    let task: DetailedTask = isEnded(this.#seed) ? await this.#look() : this.#seed
    for (;;) {
      this.#note(task)
      if (isEnded(task)) return this.#finish(task)
      const { refusal } = this.#questions
      if (refusal !== undefined && task !== this.#seed) this.stop(refusal) // and the task with it
      this.#stop.signal.throwIfAborted()
      this.#questions.see(task)
      const ms = pollMs(task.pollIntervalMs)
      await this.#pause(attendance.isHeard ? Math.max(ms, taskLimits.heardPollMs) : ms)
      const told = this.#told
      this.#told = undefined
      if (told === undefined) task = await this.#look()
      else if (isLater(told, task)) task = told
    }
  }

  /** Revision 2025-11-25: one request waits for the result; when it brings none, the task is looked at. */
  async #wait(): Promise<Complete> {
    for (;;) {
      const waited = await this.#waitOnce()
      if (waited.kind === 'result') return waited.outcome
      const task = await this.#look()
      if (task.status === 'cancelled') throw errorOf(task, this.#requests.name)
      if (waited.kind === 'refused') throw waited.error
      if (waited.kind === 'broken') await this.#pause(pollMs(task.pollIntervalMs))
    }
  }

  async #waitOnce(): Promise<Waited> {
    const ms = Math.max(this.#timing.timeoutMs, taskLimits.leastWaitMs)
    try {
      const timing = { timeoutMs: ms, maxTotalMs: ms }
      return { kind: 'result', outcome: await this.#requests.result(this.#seed.taskId, this.#asker, timing) }
    } catch (error) {
      if (error instanceof ProtocolError) return { kind: 'refused', error }
      if (this.#stop.signal.aborted || !isPassing(error)) throw asUnknown(error, this.#stop.signal)
      return { kind: error.code === 'timeout' ? 'silent' : 'broken' }
    }
  }

  /** The task as it is now. A connection that fails is tried again for as long as a call may go without an answer. */
  async #look(): Promise<DetailedTask> {
    const since = Date.now()
    const ms = Math.min(this.#timing.timeoutMs, taskLimits.requestMs)
    for (;;) {
      try {
        const task = await this.#requests.get(this.#seed.taskId, this.#asker, { timeoutMs: ms, maxTotalMs: ms })
        if (isEnded(task) || !this.#isOutlived(task)) return task
        throw new ProtocolError(code.invalidParams, 'its time is over')
      } catch (error) {
        const isLate = Date.now() - since >= this.#timing.timeoutMs
        if (this.#stop.signal.aborted || isLate || !isPassing(error)) throw asUnknown(error, this.#stop.signal)
        await this.#pause(pollMs(this.#seed.pollIntervalMs))
      }
    }
  }

  /** A server may keep a task no longer than it says; what is still said of it then means nothing. */
  #isOutlived({ ttlMs }: Task): boolean {
    return ttlMs !== null && Date.now() > this.#seenAt + ttlMs + taskLimits.mostPollMs
  }

  async #finish(task: DetailedTask): Promise<Complete> {
    if (task.status === 'completed' && task.result !== undefined) return this.#requests.checked(task.result)
    throw errorOf(task, this.#requests.name)
  }

  /** The extension has no progress: what the task says of itself is told as such, though nobody knows of how much. */
  #note({ statusMessage }: Task): void {
    if (statusMessage === undefined || statusMessage === this.#lastNote) return
    this.#lastNote = statusMessage
    this.#notes += 1
    if (this.#caller.wantsProgress)
      this.#caller.notify({ kind: 'progress', progress: this.#notes, message: statusMessage })
  }

  #tell(task: DetailedTask): void {
    if (this.#requests.isCore) return // the result is waited for, and progress is told under the token of the call
    this.#told = task
    this.#rouse()
  }

  #answered(): void {
    this.#told = undefined
    this.#rouse()
  }

  /** Asks the caller under names of this hop; meanwhile it is not the server that is slow. */
  #held({ input }: Caller): InputPort {
    return {
      flow: input.flow,
      isLive: input.isLive,
      step: (key, run) => input.step(key, run),
      ask: async (key, request, signal) => {
        this.#asked += 1
        const stop = signal === undefined ? this.#stop.signal : AbortSignal.any([signal, this.#stop.signal])
        this.#patience.hold()
        try {
          return await input.ask(`task.${this.#asked}.${key}`, request, stop)
        } finally {
          this.#patience.resume()
        }
      },
    }
  }

  #rouse(): void {
    this.#isRoused = true
    this.#wake()
  }

  /** Until the next look, which comes at once when there is something to see. */
  #pause(ms: number): Promise<void> {
    const { signal } = this.#stop
    let timer: ReturnType<typeof setTimeout> | undefined
    const over = new Promise<void>(resolve => {
      timer = setTimeout(resolve, ms)
      this.#wake = resolve
      if (this.#isRoused) resolve()
    })
    return unlessAborted(over, signal).finally(() => {
      clearTimeout(timer)
      this.#isRoused = false
      this.#wake = () => {}
    })
  }

  /** Nobody waits for the server to have heard it. */
  #cancel(): void {
    const caller: Caller = { ...this.#asker, signal: new AbortController().signal }
    const ms = taskLimits.requestMs
    this.#requests.cancel(this.#seed.taskId, caller, { timeoutMs: ms, maxTotalMs: ms }).catch(() => {})
  }

  #late(): TransportError {
    const ms = this.#timing.maxTotalMs
    const told = `the task of ${this.#requests.name} was not done within ${ms < 1_000 ? `${ms} ms` : `${ms / 1_000} s`}`
    return new TransportError('timeout', `${told}; it was cancelled. Allow more with "maxTotalMs"`)
  }
}

const isLater = (task: Task, than: Task): boolean => Date.parse(task.lastUpdatedAt) >= Date.parse(than.lastUpdatedAt)
