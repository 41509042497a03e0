import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { at, type Era, isRight, request } from '../load/messages.ts'
import { workloads } from '../load/workloads.ts'
import { type Cores, pinned, usage } from '../machine/cpu.ts'
import { memory } from '../machine/memory.ts'
import { stdioWire } from '../payload/wire.ts'

export interface Start {
  /** From the start of the process to its first answer. */
  readonly firstMs: number
  /** The same, to the answer to its first `tools/call`; in the modern era that is the first answer. */
  readonly callMs: number
  /** CPU time until then; undefined where the operating system does not tell. */
  readonly cpuMs: number | undefined
  /** Share of that time in which it waited for a core that something else held. */
  readonly disturbed: number
  /** What it holds after a second without work; undefined where the operating system does not tell, or nobody asked. */
  readonly idleBytes: number | undefined
  readonly wrong: string | undefined
}

const idleMs = 1_000

/** Starts a server, asks it, and ends it. @throws {Error} when it does not answer */
export async function observe(
  args: readonly string[],
  era: Era,
  cores: Cores | undefined,
  isIdleAsked: boolean,
): Promise<Start> {
  const [command = '', ...words] = pinned(cores, [process.execPath, ...args])
  const started = performance.now()
  const child = spawn(command, words, { stdio: ['pipe', 'pipe', 'ignore'] })
  const kill = (): void => void child.kill('SIGKILL')
  process.once('exit', kill)
  try {
    // Sends `initialize` first in the legacy era, and waits for its answer.
    const wire = await stdioWire(child, era)
    const firstMs = performance.now() - started
    const [add] = workloads
    if (add === undefined) throw new Error('there is no workload')
    const { answer } = await wire.exchange(Buffer.from(request(era, add, 1)))
    const callMs = performance.now() - started
    const used = child.pid === undefined ? undefined : usage(child.pid)
    const text = String(answer)
    if (isIdleAsked) await wait(idleMs)
    const idleBytes = isIdleAsked && child.pid !== undefined ? memory(child.pid)?.bytes : undefined
    const isFine = isRight(era, add, 1, [JSON.parse(text)]) && at(JSON.parse(text), 'error') === undefined
    return {
      firstMs: era === 'legacy' ? firstMs : callMs,
      callMs,
      cpuMs: used && used.cpuNs / 1e6,
      disturbed: Math.max(0, (used?.waitedNs ?? 0) / 1e6 / callMs),
      idleBytes,
      wrong: isFine ? undefined : `${words.at(-1)} answered ${text.slice(0, 300)}`,
    }
  } finally {
    kill()
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    process.off('exit', kill)
  }
}
