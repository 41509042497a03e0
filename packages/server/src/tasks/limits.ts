/** Limits on the tasks of one server. */
export interface TaskLimits {
  /** Tasks being worked on at once. Above it calls that would become one are refused. */
  readonly running: number
  /** Of one client. */
  readonly runningPerOwner: number
  /** Tasks that are there at all, those that have ended and wait for their time to be over included. */
  readonly kept: number
  /** Of one client. */
  readonly keptPerOwner: number
  /** How long a task is kept after it was created, unless its tool or its client says otherwise. */
  readonly ttlMs: number
  /** The longest that a client may ask for. */
  readonly maxTtlMs: number
  /** The shortest: whoever asks for less must still find the task when it is told of it. */
  readonly minTtlMs: number
  /** Longest result, as JSON: it is kept for as long as its task. */
  readonly resultBytes: number
  /** How long clients are told to wait between two looks. */
  readonly pollIntervalMs: number
  /** How long a client may take to answer a question. */
  readonly answerMs: number
}

export const taskLimits: TaskLimits = {
  running: 1000,
  runningPerOwner: 100,
  kept: 10_000,
  keptPerOwner: 1000,
  ttlMs: 60 * 60_000,
  maxTtlMs: 24 * 60 * 60_000,
  minTtlMs: 1000,
  resultBytes: 4 * 1024 * 1024,
  pollIntervalMs: 1000,
  answerMs: 15 * 60_000,
}
