/** Limits of a server that runs as several processes. */
export const workerLimits: WorkerLimits = {
  /** Processes of one server. More is a typing error: no machine that we know has more processors. */
  workers: 1024,
  /** Times that workers which ended are started again within a minute; then something is wrong that a start cannot mend. */
  restartsPerMinute: 10,
  /** Time for a worker to say that it heard it is to end; one that is too busy to hear is killed. */
  heardMs: 10_000,
}

export type WorkerLimits = Readonly<Record<'workers' | 'restartsPerMinute' | 'heardMs', number>>
