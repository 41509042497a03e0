import { type ChildProcess, spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { type Marker, marker } from './processes.ts'

export const root: string = fileURLToPath(new URL('../..', import.meta.url))
export const interlock: string = `${root}packages/cli/bin/interlock.js`
export const ownFilesystem: string = `${root}servers/filesystem/bin/interlock-filesystem.js`
export const fixture = (name: string): string => `${root}test/fixtures/${name}`

export interface RunOptions {
  readonly cwd: string
  /** Default: the working directory, so that nothing of the person who runs the tests is read or written. */
  readonly home?: string
  readonly env?: Readonly<Record<string, string>>
  /** Written to standard input, which is closed then. Default: it stays open. */
  readonly input?: string
}

export interface Ending {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** A program under test. Disposing of it ends it and all that it started. */
export interface Running extends AsyncDisposable {
  readonly child: ChildProcess
  readonly marker: Marker
  readonly ended: Promise<Ending>
  readonly stdout: string
  readonly stderr: string
  /** Waits until standard output, or error, has what is looked for. Rejects when the program ends or time is up first. */
  out(pattern: RegExp, ms?: number): Promise<RegExpExecArray>
  err(pattern: RegExp, ms?: number): Promise<RegExpExecArray>
}

/** Starts a script with Node in a small environment. */
export function start(script: string, args: readonly string[], options: RunOptions): Running {
  const mark = marker()
  const child = spawn(process.execPath, [script, ...args], {
    cwd: options.cwd,
    env: { PATH: process.env['PATH'], HOME: options.home ?? options.cwd, ...mark.env, ...options.env },
    stdio: 'pipe',
  })
  const output = { stdout: new Text(child.stdout), stderr: new Text(child.stderr) }
  const ended = new Promise<Ending>(resolve => {
    child.once('close', (code, signal) => {
      for (const text of [output.stdout, output.stderr]) text.close()
      resolve({ code, signal, stdout: output.stdout.text, stderr: output.stderr.text })
    })
  })
  child.stdin.on('error', () => {}) // it may end before it has read everything
  if (options.input !== undefined) child.stdin.end(options.input)
  return {
    child,
    marker: mark,
    ended,
    get stdout() {
      return output.stdout.text
    },
    get stderr() {
      return output.stderr.text
    },
    out: (pattern, ms) => output.stdout.find(pattern, ms),
    err: (pattern, ms) => output.stderr.find(pattern, ms),
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await mark.left(5_000)
      mark.sweep()
      await ended
    },
  }
}

/** Runs a script to its end. */
export async function run(script: string, args: readonly string[], options: RunOptions): Promise<Ending> {
  await using running = start(script, args, { input: '', ...options })
  return await running.ended
}

/** Starts `interlock up` on a free port and waits until it serves. */
export async function up(config: string, options: RunOptions): Promise<Running & { readonly url: URL }> {
  const running = start(interlock, ['up', '--port', '0', '--json', '--config', config], options)
  try {
    const [, url = ''] = await running.out(/"url": "([^"]+)"/, 30_000)
    return Object.assign(running, { url: new URL(url) })
  } catch (error) {
    await running[Symbol.asyncDispose]()
    throw error
  }
}

class Text {
  text = ''
  #isClosed = false
  readonly #listeners = new Set<() => void>()

  constructor(stream: Readable) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      this.text += chunk
      for (const tell of this.#listeners) tell()
    })
  }

  close(): void {
    this.#isClosed = true
    for (const tell of this.#listeners) tell()
  }

  find(pattern: RegExp, ms = 15_000): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const found = pattern.exec(this.text)
        if (found === null && !this.#isClosed) return
        stop()
        if (found !== null) resolve(found)
        else reject(new Error(`the program ended without ${pattern}; it wrote: ${this.text}`))
      }
      const timer = setTimeout(() => {
        stop()
        reject(new Error(`no ${pattern} within ${ms} ms; there was: ${this.text}`))
      }, ms)
      const stop = (): void => {
        clearTimeout(timer)
        this.#listeners.delete(look)
      }
      this.#listeners.add(look)
      look()
    })
  }
}
