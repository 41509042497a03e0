import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Driver } from '../load/drive.ts'
import { connections, driveHttp } from '../load/drive-http.ts'
import { driveSse } from '../load/drive-sse.ts'
import { workloads } from '../load/workloads.ts'
import { type Running, start } from '../machine/program.ts'
import type { RunOptions } from '../section.ts'
import type { Contestant } from './contestants.ts'

/** A contestant that listens. */
export interface Started {
  readonly running: Running
  readonly url: URL
  stop(): Promise<void>
}

/** A contestant that passes calls on. */
export interface Ready extends Started {
  /** One call after the other. */
  readonly one: Driver
  /** As many at once as the other benchmarks have. */
  readonly many: Driver
}

/** Time for a gateway to pass its first call on once it listens: some listen before they start what is behind them. */
const readyMs = 20_000

/** Calls at once where each starts a process. */
const slowConnections = 4

/** @throws {Error} when it cannot be started */
export async function startContestant(contestant: Contestant, { cores, flags }: RunOptions): Promise<Started> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-gateway-'))
  const forget = (): void => rmSync(folder, { recursive: true, force: true })
  try {
    const program = contestant.program({ port: await freePort(), folder })
    const running = await start({ name: contestant.name, ...program }, cores, flags)
    const { url } = running
    if (url === undefined) throw new TypeError(`${contestant.name} must say where it listens`)
    return { running, url, stop: () => running.stop().finally(forget) }
  } catch (error) {
    forget()
    throw error
  }
}

/** @throws {Error} when it cannot be started, or does not pass on a call in time */
export async function ready(contestant: Contestant, options: RunOptions): Promise<Ready> {
  const started = await startContestant(contestant, options)
  try {
    const one = await answering(() => drive(started.url, contestant, 1))
    const many = await drive(started.url, contestant, contestant.isSlow ? slowConnections : connections)
    return { ...started, one, many }
  } catch (error) {
    await started.stop()
    throw error
  }
}

const [add] = workloads

function drive(url: URL, contestant: Contestant, atOnce: number): Promise<Driver> {
  if (add === undefined) throw new TypeError('the first workload is gone')
  const { front, transport, prefix = '', isStateless } = contestant
  const workload = { ...add, tool: prefix + add.tool }
  if (transport === 'sse') return driveSse(url, workload, atOnce)
  return driveHttp(url, front, workload, isStateless ? { atOnce, isStateless } : { atOnce })
}

/** Tries until a call is answered rightly. */
async function answering(open: () => Promise<Driver>): Promise<Driver> {
  const until = Date.now() + readyMs
  for (;;) {
    try {
      const driver = await open()
      const loop = await driver.open()
      const { wrong, firstWrong } = await loop.run(1)
      loop.close()
      if (wrong === 0) return driver
      throw new Error(`it answers ${firstWrong}`)
    } catch (error) {
      if (Date.now() > until) throw error
      await new Promise(resolve => setTimeout(resolve, 200))
    }
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}
