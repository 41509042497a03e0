import cluster, { type Worker } from 'node:cluster'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { StartError } from '../start-error.ts'
import { workerLimits } from './limits.ts'
import { type FromWorker, isOurs, type ToWorker } from './messages.ts'

/** Says to a process that it was started as a worker. */
export const workerVariable = 'INTERLOCK_WORKER'

export interface Plan {
  readonly count: number
  readonly port: number
  readonly host: string
  /** Called once, when all of them serve. */
  onServing(url: string): void
  /** Settles when all of them are to end. */
  readonly toldToEnd: Promise<void>
}

/**
 * Runs this program in several processes that listen on one port, starts those again that end, and ends them all when told
 * to, each after its calls in flight. Without this process they end too.
 * @throws StartError when they cannot go on; and what the system says when the address cannot be listened on
 */
export async function runWorkers(plan: Plan): Promise<void> {
  const port = await freePort(plan)
  const folder = mkdtempSync(join(tmpdir(), 'interlock-')) // nobody else may enter
  try {
    await new Fleet({ ...plan, port }, folder).ended
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Tries the address out, so that what is wrong with it is said once, and finds a port if any will do. */
function freePort({ port, host }: Plan): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject)
    probe.listen(port, host.replace(/^\[|\]$/g, ''), () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : port))
    })
  })
}

class Fleet {
  /** Settles when no worker is left. */
  readonly ended: Promise<void>
  readonly #plan: Plan
  readonly #folder: string
  readonly #key = Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64')
  readonly #workers = new Map<number, Worker>()
  readonly #serving = new Set<Worker>()
  /** Those that have heard that they are to end, and those whose calls are over. */
  readonly #stopping = new Set<Worker>()
  readonly #drained = new Set<Worker>()
  /** When workers were started again, in the last minute. */
  #restarts: number[] = []
  #hasServed = false
  #isStopping = false
  #failure: StartError | undefined
  #settle = (): void => {}

  constructor(plan: Plan, folder: string) {
    this.#plan = plan
    this.#folder = folder
    this.ended = new Promise((resolve, reject) => {
      this.#settle = () => (this.#failure === undefined ? resolve() : reject(this.#failure))
    })
    for (let number = 1; number <= plan.count; number += 1) this.#start(number)
    void plan.toldToEnd.then(() => this.#stop())
  }

  #start(number: number): void {
    const worker = cluster.fork({ [workerVariable]: '1' })
    this.#workers.set(number, worker)
    worker.on('message', (message: unknown) => {
      if (isOurs<FromWorker>(message)) this.#hear(number, worker, message)
    })
    worker.on('error', () => {}) // it is gone, which `exit` tells
    worker.once('exit', (code, signal) => this.#gone(number, worker, code === null ? `by ${signal}` : `with ${code}`))
  }

  #hear(number: number, worker: Worker, message: FromWorker): void {
    switch (message.interlock) {
      case 'join': {
        rmSync(join(this.#folder, String(number)), { force: true }) // what one before it left there
        const { port } = this.#plan
        return tell(worker, { interlock: 'place', place: { number, key: this.#key, port, folder: this.#folder } })
      }
      case 'serving':
        this.#serving.add(worker)
        if (this.#isStopping) return tell(worker, { interlock: 'stop' })
        if (this.#hasServed || this.#serving.size < this.#plan.count) return
        this.#hasServed = true
        return this.#plan.onServing(message.url)
      case 'change':
        for (const other of this.#serving) if (other !== worker) tell(other, message)
        return
      case 'stopping':
        this.#stopping.add(worker)
        return
      case 'drained':
        this.#drained.add(worker)
        return this.#closeDrained()
    }
  }

  /** Calls may come by way of another worker than the one that answers them, so none closes before all are done. */
  #closeDrained(): void {
    const left = [...this.#workers.values()]
    if (left.every(worker => this.#drained.has(worker))) for (const worker of left) tell(worker, { interlock: 'close' })
  }

  #gone(number: number, worker: Worker, how: string): void {
    this.#workers.delete(number)
    this.#serving.delete(worker)
    const what = `worker ${number} (process ${worker.process.pid}) ended ${how}`
    if (this.#isStopping) {
      this.#closeDrained()
      if (this.#workers.size === 0) this.#settle()
    } else if (!this.#hasServed) {
      this.#giveUp(`${what} before all workers served; what it said above tells why`)
    } else if (this.#mayRestart()) {
      console.error(`${what}; it is started again`)
      this.#start(number)
    } else {
      this.#giveUp(
        `${what}, after ${workerLimits.restartsPerMinute} others in a minute; what they said above tells why`,
      )
    }
  }

  #mayRestart(): boolean {
    const now = performance.now()
    this.#restarts = this.#restarts.filter(at => now - at < 60_000)
    return this.#restarts.push(now) <= workerLimits.restartsPerMinute
  }

  #giveUp(reason: string): void {
    this.#failure = new StartError(1, reason)
    this.#stop()
  }

  #stop(): void {
    if (this.#isStopping) return
    this.#isStopping = true
    for (const worker of this.#workers.values()) {
      if (this.#serving.has(worker)) tell(worker, { interlock: 'stop' })
      else worker.process.kill() // nobody waits for what it would answer
    }
    setTimeout(() => {
      for (const worker of this.#workers.values()) if (!this.#stopping.has(worker)) worker.process.kill('SIGKILL')
    }, workerLimits.heardMs).unref()
    if (this.#workers.size === 0) this.#settle()
  }
}

/** A worker that is gone needs no telling. */
const tell = (worker: Worker, message: ToWorker): void => {
  if (worker.isConnected()) worker.send(message, () => {})
}
