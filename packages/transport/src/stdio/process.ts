import { type ChildProcess, spawn } from 'node:child_process'
import { Socket } from 'node:net'
import { Readable, Writable } from 'node:stream'
import { childEnvironment } from './environment.ts'
import { batchFile, batchFileRefused, explainLaunch, LaunchError } from './launch-error.ts'
import { orphanGuard } from './orphan-guard.ts'
import { StderrTail } from './stderr-tail.ts'
import { newTreeMarker, ProcessTree, treeVariable } from './tree.ts'

/** How to start a local server. No shell is involved: `args` reach the program as they are. */
export interface LaunchSpec {
  /** A name looked for on PATH, an absolute path, or a path relative to `cwd`. */
  readonly command: string
  readonly args?: readonly string[]
  /** Variables added to the default environment. */
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
}

/** How a server's process ended, or that it could not be started (or, rarely, not be ended). */
export type Exit =
  | { kind: 'exit'; code: number }
  | { kind: 'signal'; signal: NodeJS.Signals }
  | { kind: 'failed'; error: LaunchError }

export interface StopOptions {
  /** Time to end by itself after its input is closed: enough to save state, short enough for a person who waits. */
  readonly eofMs?: number
  /** Time to end after SIGTERM, before SIGKILL. */
  readonly termMs?: number
}

/** A local server's process, and all that it starts in turn. */
export interface Child extends AsyncDisposable {
  /** Undefined if the process could not be started. */
  readonly pid: number | undefined
  /** May be written to at any time: a lost reader is not an unhandled error. */
  readonly stdin: Writable
  /** Read by the caller; destroyed by `stop` in the end. */
  readonly stdout: Readable
  /** The last 20 lines of standard error, oldest first, each clipped at 500 characters and fit to be shown. */
  stderrTail(): readonly string[]
  /** Hears of each line of standard error from now on, clipped likewise; gives a function that ends this. */
  onStderr(listener: (line: string) => void): () => void
  /**
   * Settles when the process has ended and its standard error, and `stdout` if it is flowing, have been read. Never
   * rejects. What the process leaves behind is then being ended too; `stop` tells when that is done.
   */
  readonly exited: Promise<Exit>
  /**
   * Closes the input, then sends SIGTERM, then SIGKILL to the whole tree, as far as needed, and settles when the process
   * and all its descendants are gone. Never rejects. Later calls give the result of the first.
   */
  stop(options?: StopOptions): Promise<Exit>
}

/**
 * Starts a local server in a session of its own, with `defaultEnvironment()` and what `spec` adds. Never throws: a command
 * that cannot be started is an `Exit` of kind `failed`. The server does not outlive this process.
 */
export function launch(spec: LaunchSpec): Child {
  return new LaunchedProcess(spec)
}

/** Default of `StopOptions.eofMs`. */
const defaultEofMs = 2_000

/** Default of `StopOptions.termMs`. */
const defaultTermMs = 2_000

/** Time for the rest of an ended process's output to arrive; a descendant may hold the pipe open for much longer. */
const drainMs = 200

class LaunchedProcess implements Child {
  readonly pid: number | undefined
  readonly stdin: Writable
  readonly stdout: Readable
  readonly exited: Promise<Exit>
  readonly #command: string
  readonly #stderr: Readable
  readonly #tail: StderrTail
  readonly #tree: ProcessTree | undefined
  #termMs = defaultTermMs
  #swept: Promise<boolean> | undefined
  #stopped: Promise<Exit> | undefined

  constructor(spec: LaunchSpec) {
    const { marker, value } = newTreeMarker()
    const started = start(spec, value)
    const child = started.child
    this.#command = spec.command
    this.pid = child?.pid
    // Without streams if it could not even be tried.
    this.stdin = child?.stdin ?? new Writable().destroy()
    this.stdout = child?.stdout ?? Readable.from([])
    this.#stderr = child?.stderr ?? Readable.from([])
    this.#tail = new StderrTail(this.#stderr)
    for (const stream of [this.stdin, this.stdout]) stream.on('error', () => {})
    if (child?.pid !== undefined) {
      this.#tree = new ProcessTree(child.pid, marker)
      orphanGuard.add(child.pid, this.#tree.rootStarted)
    }
    const ended = started.error ? Promise.resolve(failed(started.error)) : exitOf(started.child, started.explain)
    this.exited = ended.then(exit => this.#afterExit(exit))
  }

  stderrTail(): readonly string[] {
    return this.#tail.lines()
  }

  onStderr(listener: (line: string) => void): () => void {
    return this.#tail.onLine(listener)
  }

  stop(options: StopOptions = {}): Promise<Exit> {
    this.#stopped ??= this.#stop(options.eofMs ?? defaultEofMs, options.termMs ?? defaultTermMs)
    return this.#stopped
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  async #stop(eofMs: number, termMs: number): Promise<Exit> {
    if (this.#tree === undefined) return this.exited
    this.#termMs = termMs
    // Before anything ends: without markers, descendants are known only while their parents live.
    if (this.#swept === undefined) await this.#tree.refresh()
    this.stdin.end()
    await within(eofMs, this.exited)
    const exit = (await this.#sweep()) ? await this.exited : failed(stillRunning(this.#command, this.#tree.root))
    if (this.stdout.readableFlowing) await drained(this.stdout)
    for (const stream of [this.stdin, this.stdout, this.#stderr]) stream.destroy()
    return exit
  }

  async #afterExit(exit: Exit): Promise<Exit> {
    if (this.#tree === undefined) return exit
    this.#tree.rootReaped()
    void this.#sweep()
    await Promise.all([drained(this.#stderr), this.stdout.readableFlowing ? drained(this.stdout) : undefined])
    // A descendant that was not found may hold the pipes open, which must not keep this process from ending.
    for (const stream of [this.stdout, this.#stderr]) if (stream instanceof Socket) stream.unref()
    return exit
  }

  /** Ends what is left of the tree, once. */
  #sweep(): Promise<boolean> {
    this.#swept ??= (async tree => {
      const gone = (await tree?.end(this.#termMs)) ?? true
      if (gone && tree) orphanGuard.remove(tree.root)
      return gone
    })(this.#tree)
    return this.#swept
  }
}

type Started =
  | { child: ChildProcess; explain: (cause: unknown) => LaunchError; error?: undefined }
  | { child?: undefined; error: LaunchError }

function start({ command, args = [], env, cwd }: LaunchSpec, treeValue: string): Started {
  const environment = childEnvironment(env)
  environment[treeVariable] = treeValue
  const attempt = { command, cwd, path: environment.PATH ?? '' }
  const batch = process.platform === 'win32' ? batchFile(attempt) : undefined
  if (batch !== undefined) return { error: batchFileRefused(command, batch) }
  try {
    orphanGuard.start()
    const child = spawn(command, args, {
      ...(cwd !== undefined && { cwd }),
      env: environment,
      detached: process.platform !== 'win32',
      stdio: 'pipe',
      shell: false,
      windowsHide: true,
    })
    return { child, explain: cause => explainLaunch(attempt, cause) }
  } catch (cause) {
    return { error: explainLaunch(attempt, cause) }
  }
}

function exitOf(child: ChildProcess, explain: (cause: unknown) => LaunchError): Promise<Exit> {
  return new Promise(resolve => {
    // Also emitted when a signal could not be sent, which says nothing about the start.
    child.on('error', cause => {
      if (child.pid === undefined) resolve(failed(explain(cause)))
    })
    child.once('exit', (code, signal) => {
      resolve(signal === null ? { kind: 'exit', code: code ?? 0 } : { kind: 'signal', signal })
    })
  })
}

function failed(error: LaunchError): Exit {
  return { kind: 'failed', error }
}

function stillRunning(command: string, pid: number): LaunchError {
  return new LaunchError(
    'still_running',
    `the process tree of command ${JSON.stringify(command)} (process ${pid}) did not end after SIGKILL; ` +
      'it runs as another user or hangs in the kernel, so end it by hand',
  )
}

/** Settles when a stream has given all it had, or `drainMs` have passed. */
async function drained(stream: Readable): Promise<void> {
  if (stream.readableEnded || stream.destroyed) return
  await within(drainMs, new Promise<void>(resolve => stream.once('end', resolve).once('close', resolve)))
}

/** Settles with the promise, which does not reject, or after the time. */
function within(ms: number, promise: Promise<unknown>): Promise<void> {
  return new Promise(resolve => {
    const timer = setTimeout(resolve, ms)
    void promise.then(() => {
      clearTimeout(timer)
      resolve()
    })
  })
}
