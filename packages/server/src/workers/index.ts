/** All that a server in several processes takes, to be loaded at once when it is wanted. */
export { workerCount } from './count.ts'
export { runWorkers } from './primary.ts'
export { becomeWorker, isWorker } from './worker.ts'
