import { type Caller, code, type DetailedTask, type InputRequest, ProtocolError, type Task } from '@interlock/protocol'
import { clientLimits } from '../limits.ts'
import { unlessAborted } from '../signals.ts'
import type { Timing } from '../wire.ts'
import { pollMs, taskLimits } from './limits.ts'
import { asUnknown, isPassing, type TaskRequests } from './requests.ts'

export interface QuestionEvents {
  /** The server has an answer, or has refused it. */
  onAnswered(): void
  /** A question cannot be answered, or its answer not be brought. */
  onFailed(error: unknown): void
}

/** What one task asks: each question once, of whoever waits for the task, until the wait is over. */
export class TaskQuestions implements Disposable {
  /** The server's word that it did not want an answer. */
  refusal: ProtocolError | undefined
  readonly #requests: TaskRequests
  readonly #task: Task
  readonly #asker: Caller
  readonly #timing: Timing
  readonly #events: QuestionEvents
  /** Questions that were asked, and whether they still wait for their answer. */
  readonly #asked = new Map<string, AbortController | 'answered'>()
  #open = 0

  /** @param asker is asked, and makes the requests; its signal is aborted when nobody waits for the task any more */
  constructor(requests: TaskRequests, task: Task, asker: Caller, timeoutMs: number, events: QuestionEvents) {
    this.#requests = requests
    this.#task = task
    this.#asker = asker
    const ms = Math.min(timeoutMs, taskLimits.requestMs)
    this.#timing = { timeoutMs: ms, maxTotalMs: ms }
    this.#events = events
  }

  /** Asks what was not asked yet, and takes back what the server does not want to know any more. */
  see({ status, inputRequests = {} }: DetailedTask): void {
    for (const [key, question] of this.#asked) {
      if (question !== 'answered' && !Object.hasOwn(inputRequests, key)) question.abort()
    }
    if (status !== 'input_required') return
    for (const [key, request] of Object.entries(inputRequests)) {
      if (this.#asked.has(key)) continue
      if (this.#open >= clientLimits.openQuestions || this.#asked.size >= taskLimits.questions) {
        return this.#events.onFailed(tooMany(this.#requests.name))
      }
      const taken = new AbortController()
      this.#asked.set(key, taken)
      this.#open += 1
      void this.#answer(key, request, taken).catch((error: unknown) => {
        if (!taken.signal.aborted) this.#events.onFailed(error)
      })
    }
  }

  [Symbol.dispose](): void {
    for (const question of this.#asked.values()) if (question !== 'answered') question.abort()
  }

  async #answer(key: string, request: InputRequest, taken: AbortController): Promise<void> {
    let answer: unknown
    try {
      answer = await unlessAborted(this.#asker.input.ask(key, request, taken.signal), taken.signal)
    } finally {
      this.#open -= 1
    }
    this.#asked.set(key, 'answered')
    await this.#bring(key, answer)
    this.#events.onAnswered()
  }

  async #bring(key: string, answer: unknown): Promise<void> {
    const { signal } = this.#asker
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#requests.answer(this.#task.taskId, key, answer, this.#asker, this.#timing)
      } catch (error) {
        if (error instanceof ProtocolError) {
          this.refusal = error // unless the task has ended meanwhile, which the next look tells
          return
        }
        if (attempt >= taskLimits.answerAttempts || !isPassing(error)) throw asUnknown(error, signal)
        await sleep(pollMs(this.#task.pollIntervalMs), signal)
      }
    }
  }
}

const tooMany = (name: string): ProtocolError =>
  new ProtocolError(
    code.internalError,
    `the task of ${name} asks more than ${clientLimits.openQuestions} questions at once or ${taskLimits.questions} in all; it was cancelled`,
  )

async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const over = new Promise<void>(resolve => {
    timer = setTimeout(resolve, ms)
  })
  await unlessAborted(over, signal).finally(() => clearTimeout(timer))
}
