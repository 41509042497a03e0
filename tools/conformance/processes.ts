import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'

/** Processes started here, each with a group of its own, so that all end with this one. */
const running = new Set<ChildProcess>()

process.on('exit', () => {
  for (const child of running) end(child, 'SIGKILL')
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130))

function end({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal)
  } catch {
    // It has ended by itself.
  }
}

export interface Finished {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs a command to its end, for at most `limitMs`; then it and all that it started are ended. */
export async function run(
  command: string,
  words: readonly string[],
  limitMs: number,
  options: SpawnOptions = {},
): Promise<Finished> {
  const child = spawn(command, words, { ...options, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  running.add(child)
  const told = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      told[name] += text
    })
  }
  const timer = setTimeout(() => {
    told.stderr += `\nended after ${limitMs} ms`
    end(child, 'SIGKILL')
  }, limitMs)
  const [code] = (await once(child, 'close')) as [number | null]
  clearTimeout(timer)
  end(child, 'SIGKILL')
  running.delete(child)
  return { exitCode: code ?? 1, ...told }
}

export interface Served extends AsyncDisposable {
  readonly url: string
}

/** Starts a server that says on standard error where it listens. @throws Error when it does not within `limitMs` */
export async function serve(command: string, words: readonly string[], limitMs: number): Promise<Served> {
  const env = { ...process.env, PORT: '0' }
  const child = spawn(command, words, { env, stdio: ['ignore', 'inherit', 'pipe'], detached: true })
  running.add(child)
  // Watched from the start: a server that has ended by itself is not waited for.
  const gone = new Promise<void>(resolve => child.once('exit', () => resolve()))
  let text = ''
  const url = await new Promise<string>((resolve, reject) => {
    const fail = (): void => reject(new Error(`the server did not start: ${text.trim()}`))
    const timer = setTimeout(fail, limitMs)
    child.once('exit', fail)
    child.stderr?.setEncoding('utf8').on('data', (piece: string) => {
      text += piece
      const found = /listening on (\S+)/.exec(text)?.[1]
      if (found === undefined) return
      clearTimeout(timer)
      resolve(found)
    })
  })
  return {
    url,
    async [Symbol.asyncDispose]() {
      end(child, 'SIGTERM')
      const timer = setTimeout(() => end(child, 'SIGKILL'), 3000)
      await gone
      clearTimeout(timer)
      running.delete(child)
    },
  }
}
