import { clientLimits } from './limits.ts'

/** Waits longer each time, so that a server that is down is not hammered. Keeps no process alive. */
export class Backoff {
  #attempts = 0
  #timer: ReturnType<typeof setTimeout> | undefined
  #isStopped = false

  next(run: () => void): void {
    if (this.#isStopped) return
    const longest = Math.min(clientLimits.reopenMs * 2 ** this.#attempts, clientLimits.longestReopenMs)
    this.#attempts += 1
    clearTimeout(this.#timer)
    // Somewhere in the upper half, so that many clients do not come back at the same moment.
    this.#timer = setTimeout(run, longest * (0.5 + Math.random() / 2))
    this.#timer.unref?.()
  }

  reset(): void {
    this.#attempts = 0
  }

  /** What waits is not run; something else may wait then. */
  cancel(): void {
    clearTimeout(this.#timer)
  }

  stop(): void {
    this.#isStopped = true
    clearTimeout(this.#timer)
  }
}
