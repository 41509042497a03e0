import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { type Cores, pinned } from './cpu.ts'

/** Something to measure that is a process of its own. */
export interface Program {
  readonly name: string
  /** What follows `node` on the command line; the first is relative to `bench/contestants/`. */
  readonly script: string
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /**
   * What it says on stdout or stderr when it listens, with its URL in the first group, or a URL that is known before:
   * then it listens when that takes connections. Undefined for one on stdio.
   */
  readonly listens?: RegExp | URL
}

/** What our own contestants say on stderr. */
export const listeningOn: RegExp = /listening on (http:\S+)/

export interface Running {
  /** The program's. */
  readonly name: string
  readonly child: ChildProcessByStdio<Writable, Readable, Readable>
  readonly pid: number
  /** Where it listens; undefined on stdio. */
  readonly url: URL | undefined
  stop(): Promise<void>
}

/** @throws {Error} when the program is one on stdio */
export function urlOf({ name, url }: { readonly name: string; readonly url: URL | undefined }): URL {
  if (url === undefined) throw new Error(`${name} has not said where it listens`)
  return url
}

/** Time for a program to say where it listens. */
const startMs = 30_000

/** Time for a program to end by itself when it is told to. */
const stopMs = 3_000

/** How to end what still runs when this process ends. */
const leftOver = new Set<() => void>()
process.once('exit', () => {
  for (const kill of leftOver) kill()
})

/** Starts a program on the measured core and waits until it listens. `flags` are for its `node`. */
export async function start(program: Program, cores: Cores | undefined, flags: readonly string[]): Promise<Running> {
  const script = fileURLToPath(new URL(`../contestants/${program.script}`, import.meta.url))
  const [command = '', ...words] = pinned(cores, [process.execPath, ...flags, script, ...(program.args ?? [])])
  const child = spawn(command, words, { env: { ...process.env, ...program.env }, stdio: ['pipe', 'pipe', 'pipe'] })
  // A program that ends early is reported by whoever reads its output.
  child.stdin.on('error', () => {})
  const kill = (): void => void child.kill('SIGKILL')
  leftOver.add(kill)
  const stop = async (): Promise<void> => {
    const isRunning = child.pid !== undefined && child.exitCode === null && child.signalCode === null
    const ended = isRunning ? once(child, 'exit') : undefined
    child.kill('SIGTERM')
    const timer = setTimeout(kill, stopMs)
    await ended
    clearTimeout(timer)
    leftOver.delete(kill)
  }
  try {
    const url = await listening(child, program)
    if (child.pid === undefined) throw new Error(`${program.script} could not be started`)
    return { name: program.name, child, pid: child.pid, url, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

function listening(child: Running['child'], { listens, name, script }: Program): Promise<URL | undefined> {
  return new Promise((resolve, reject) => {
    let said = ''
    const fail = (what: string): void => {
      stopWaiting()
      reject(new Error(`${name} (${script}) ${what}\n${said}`))
    }
    const timer = setTimeout(() => fail(`did not listen within ${startMs} ms`), startMs)
    const probe =
      listens instanceof URL
        ? setInterval(() => void takes(listens).then(yes => yes && settle(listens)), 50)
        : undefined
    const stopWaiting = (): void => {
      clearTimeout(timer)
      clearInterval(probe)
    }
    const settle = (url?: URL): void => {
      stopWaiting()
      resolve(url)
    }
    child.once('error', error => fail(String(error)))
    child.once('exit', status => fail(`ended early with ${status}`))
    const hear = (text: string): void => {
      said = (said + text).slice(-4_000)
      const url = listens instanceof RegExp ? listens.exec(said)?.[1] : undefined
      if (url !== undefined) settle(new URL(url))
    }
    child.stderr.setEncoding('utf8').on('data', hear)
    if (listens === undefined) settle()
    else child.stdout.setEncoding('utf8').on('data', hear)
  })
}

/** Whether somebody answers there, whatever the answer. */
const takes = (url: URL): Promise<boolean> =>
  fetch(url, { method: 'OPTIONS' }).then(
    () => true,
    () => false,
  )
