import {
  code,
  type InputPort,
  type InputRequest,
  type InputRequests,
  type Peer,
  ProtocolError,
  requireCapability,
} from '@interlock/protocol'
import { changedQuestion } from '../eras/changed-question.ts'

interface Question {
  readonly text: string
  readonly answer: Promise<unknown>
}

interface Pending {
  readonly request: InputRequest
  resolve(answer: unknown): void
  reject(error: Error): void
}

/**
 * Asks through the task: the question waits in it until the client brings the answer, and the handler, which runs once,
 * waits for that. A key names one question for the life of the task (ext-tasks: Task Update Requests).
 */
export class TaskInput implements InputPort {
  readonly flow: string
  readonly isLive = true
  readonly #peer: Peer
  readonly #answerMs: number
  readonly #onChange: () => void
  readonly #questions = new Map<string, Question>()
  readonly #pending = new Map<string, Pending>()
  readonly #steps = new Map<string, Promise<unknown>>()
  #ended: Error | undefined

  /** @param onChange called when the questions without an answer are others than before */
  constructor(flow: string, peer: Peer, answerMs: number, onChange: () => void) {
    this.flow = flow
    this.#peer = peer
    this.#answerMs = answerMs
    this.#onChange = onChange
  }

  /** The questions without an answer; undefined when there are none. */
  get pending(): InputRequests | undefined {
    if (this.#pending.size === 0) return undefined
    return Object.fromEntries(Array.from(this.#pending, ([key, { request }]) => [key, request]))
  }

  ask(key: string, request: InputRequest, wanted?: AbortSignal): Promise<unknown> {
    const text = JSON.stringify(request)
    const known = this.#questions.get(key)
    if (known !== undefined) return known.text === text ? known.answer : Promise.reject(changedQuestion(key))
    const answer = this.#ask(key, request, wanted)
    this.#questions.set(key, { text, answer })
    return answer
  }

  step<T>(key: string, run: () => T | Promise<T>): Promise<T> {
    const known = this.#steps.get(key) as Promise<T> | undefined // it was put there by this very step
    if (known !== undefined) return known
    const running = Promise.resolve().then(run)
    this.#steps.set(key, running)
    running.catch(() => this.#steps.delete(key)) // what failed may be tried again
    return running
  }

  answer(key: string, answer: unknown): void {
    this.#pending.get(key)?.resolve(answer)
  }

  refuse(key: string, error: Error): void {
    this.#pending.get(key)?.reject(error)
  }

  /** No answer is waited for any more, and none to what work that goes on regardless may ask. */
  end(reason: Error): void {
    this.#ended ??= reason
    for (const { reject } of this.#pending.values()) reject(reason)
  }

  async #ask(key: string, request: InputRequest, wanted: AbortSignal | undefined): Promise<unknown> {
    const asked = requireCapability(this.#peer, request)
    wanted?.throwIfAborted()
    if (this.#ended !== undefined) throw this.#ended
    const answer = new Promise<unknown>((resolve, reject) =>
      this.#pending.set(key, { request: asked, resolve, reject }),
    )
    const giveUp = (reason: Error) => (): void => this.refuse(key, reason)
    const late = giveUp(new ProtocolError(code.internalError, 'the client did not answer in time'))
    const unwanted = giveUp(new Error('the answer is not wanted any more'))
    const timer = setTimeout(late, this.#answerMs)
    wanted?.addEventListener('abort', unwanted, { once: true })
    this.#onChange()
    try {
      return await answer
    } finally {
      clearTimeout(timer)
      wanted?.removeEventListener('abort', unwanted)
      this.#pending.delete(key)
      this.#onChange()
    }
  }
}
