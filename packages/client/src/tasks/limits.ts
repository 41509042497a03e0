/** Limits on how a client looks after tasks. Times in milliseconds. */
export const taskLimits = {
  /** Between two looks where the server says nothing of it. */
  pollMs: 1_000,
  /** Shortest time between two looks, whatever the server says: more often is a flood that tells nothing new. */
  leastPollMs: 50,
  /** Longest time between two looks, whatever the server says: nobody wants to hear of a result later than that. */
  mostPollMs: 60_000,
  /** Between two looks while the server tells of every change by itself: only in case that it forgets to. */
  heardPollMs: 30_000,
  /** Longest time of one request about a task, and shortest of one that waits for its result. */
  requestMs: 30_000,
  leastWaitMs: 1_000,
  /** Attempts to bring the server an answer. The same answer twice does no harm. */
  answerAttempts: 3,
  /** Questions of one task in all. A person gives up sooner, and a model is not asked for ever. */
  questions: 1_000,
  /** Tools whose way with tasks is remembered, as many as a list may have. */
  tools: 10_000,
  /** Requests that became tasks and whose progress is still told, though nobody waits for the task. */
  begun: 1_000,
  /** Questions of one server that are tasks of this client at once, and how long each is kept at most: an hour. */
  hosted: 100,
  hostedTtlMs: 3_600_000,
} as const

/** Time until the next look at a task whose server wants this, or does not say. */
export const pollMs = (wanted: number = taskLimits.pollMs): number =>
  Math.min(Math.max(wanted, taskLimits.leastPollMs), taskLimits.mostPollMs)
