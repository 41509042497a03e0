import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { Contestant } from './contestants.ts'
import { type Cores, pinned } from './cpu.ts'

export interface Running {
  readonly child: ChildProcessByStdio<Writable, Readable, Readable>
  readonly pid: number
  /** Where it listens; undefined on stdio. */
  readonly url: URL | undefined
  stop(): Promise<void>
}

/** Time for a contestant to say where it listens. */
const startMs = 20_000

/** Time for a contestant to end by itself when it is told to. */
const stopMs = 3_000

/** Starts a contestant on the measured core and waits until it listens. `flags` are for its `node`. */
export async function start(
  contestant: Contestant,
  cores: Cores | undefined,
  flags: readonly string[],
): Promise<Running> {
  const script = fileURLToPath(new URL(`contestants/${contestant.script}`, import.meta.url))
  const [command = '', ...words] = pinned(cores, [process.execPath, ...flags, script])
  const child = spawn(command, words, { env: { ...process.env, ...contestant.env }, stdio: ['pipe', 'pipe', 'pipe'] })
  // A contestant that ends early is reported by whoever reads its output.
  child.stdin.on('error', () => {})
  const kill = (): void => void child.kill('SIGKILL')
  process.once('exit', kill)
  const stop = async (): Promise<void> => {
    const isRunning = child.pid !== undefined && child.exitCode === null && child.signalCode === null
    const ended = isRunning ? once(child, 'exit') : undefined
    child.kill('SIGTERM')
    const timer = setTimeout(kill, stopMs)
    await ended
    clearTimeout(timer)
    process.off('exit', kill)
  }
  try {
    const url = await listening(child, contestant)
    if (child.pid === undefined) throw new Error(`${contestant.script} could not be started`)
    return { child, pid: child.pid, url, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** HTTP contestants say `listening on <url>` on stderr. */
function listening(child: Running['child'], { transport, name, script }: Contestant): Promise<URL | undefined> {
  return new Promise((resolve, reject) => {
    let said = ''
    const fail = (what: string): void => {
      clearTimeout(timer)
      reject(new Error(`${name} (${script}) ${what}\n${said}`))
    }
    const timer = setTimeout(() => fail(`did not say where it listens within ${startMs} ms`), startMs)
    child.once('error', error => fail(String(error)))
    child.once('exit', status => fail(`ended early with ${status}`))
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-4_000)
      const url = /listening on (http:\S+)/.exec(said)?.[1]
      if (url !== undefined) settle(new URL(url))
    })
    const settle = (url: URL | undefined): void => {
      clearTimeout(timer)
      resolve(url)
    }
    if (transport === 'stdio') settle(undefined)
    else child.stdout.resume()
  })
}
