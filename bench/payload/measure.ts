import { setTimeout as wait } from 'node:timers/promises'
import { isRight, request } from '../load/messages.ts'
import { undisturbed } from '../load/turns.ts'
import { usage } from '../machine/cpu.ts'
import { forgetPeak, memory } from '../machine/memory.ts'
import { type Running, start } from '../machine/program.ts'
import type { RunOptions } from '../section.ts'
import { median } from '../table.ts'
import { type Case, type Contestant, workload } from './cases.ts'
import { httpWire, stdioWire, type Wire } from './wire.ts'

/** What became of one contestant. */
export interface Found {
  readonly ms: number
  /** CPU time of a call in milliseconds; undefined where the operating system does not tell. */
  readonly cpuMs: number | undefined
  /** Peak above idle of the first message that a fresh process gets; undefined where the operating system does not tell. */
  readonly firstBytes: number | undefined
  /** The same, of all that followed. */
  readonly laterBytes: number | undefined
  /** Why there are no figures, in the contestant's words. */
  readonly refused: string | undefined
  readonly wrong: string | undefined
}

/** Time after a first small call for a contestant to come to rest, and to collect what starting left behind. */
const restMs = 700

/** Megabytes to get warm with: the compilers have seen the loops, and the heap has its size. */
const warmBytes = 50e6

/** Megabytes of one window of one contestant. */
const windowBytes = 20e6

interface Window {
  readonly ms: number
  readonly cpuMs: number | undefined
  /** Share of it in which the process waited for a core that something else held. */
  readonly disturbed: number
}

interface Lane {
  readonly call: () => Promise<number>
  readonly running: Running
  readonly wire: Wire
  readonly windows: Window[]
  readonly idleBytes: number | undefined
  readonly firstBytes: number | undefined
  refused: string | undefined
  wrong: string | undefined
}

/** Starts a fresh process for every contestant, reads its peak of memory, then lets all take turns. */
export async function measure(which: Case, options: RunOptions): Promise<Found[]> {
  const lanes: Lane[] = []
  try {
    for (const contestant of which.contestants) lanes.push(await open(which, contestant, options))
    for (const lane of lanes) await repeat(lane, Math.ceil(warmBytes / which.bytes))
    for (const { windows } of lanes) windows.length = 0
    for (let round = 0; round < options.rounds; round += 1) {
      const first = round % lanes.length
      for (const lane of [...lanes.slice(first), ...lanes.slice(0, first)]) {
        await repeat(lane, Math.ceil(windowBytes / which.bytes))
      }
    }
    return lanes.map(found)
  } finally {
    for (const { wire } of lanes) wire.close()
    await Promise.all(lanes.map(({ running }) => running.stop()))
  }
}

async function open(which: Case, contestant: Contestant, { cores, flags }: RunOptions): Promise<Lane> {
  const { script, era, env } = contestant
  const program = { ...contestant, env: { ...env, PAYLOAD: String(which.bytes) } }
  const running = await start(program, cores, flags)
  const work = workload(which)
  const { url, child, pid } = running
  const wire = url === undefined ? await stdioWire(child, era) : await httpWire(url, era, work.tool)
  let id = 0
  const call = async (): Promise<number> => {
    id += 1
    const { ms, answer } = await wire.exchange(Buffer.from(request(era, work, id)))
    const text = String(answer)
    if (lane.wrong === undefined && !isRight(era, work, id, [messageIn(text)])) refuse(lane, script, text)
    return ms
  }
  await wire.exchange(Buffer.from(request(era, workload({ ...which, bytes: 1 }), 0)))
  await wait(restMs)
  const idleBytes = memory(pid)?.bytes
  forgetPeak(pid)
  const lane: Lane = {
    call,
    running,
    wire,
    windows: [],
    idleBytes,
    firstBytes: undefined,
    refused: undefined,
    wrong: undefined,
  }
  await repeat(lane, 1)
  const peakBytes = memory(pid)?.peakBytes
  return Object.assign(lane, {
    firstBytes: peakBytes !== undefined && idleBytes !== undefined ? peakBytes - idleBytes : undefined,
  })
}

/** An answer that says that the message is not taken is no wrong answer. */
function refuse(lane: Lane, script: string, answer: string): void {
  if (/"error"\s*:/.test(answer.slice(0, 300))) lane.refused = answer.slice(0, 300)
  else lane.wrong = `${script} answered ${answer.slice(0, 300)}`
}

async function repeat(lane: Lane, calls: number): Promise<void> {
  if (lane.refused !== undefined) return
  const times: number[] = []
  const before = usage(lane.running.pid)
  const started = performance.now()
  try {
    for (let left = calls; left > 0; left -= 1) times.push(await lane.call())
  } catch (error) {
    lane.refused = error instanceof Error ? error.message.slice(0, 300) : String(error)
    return
  }
  const after = usage(lane.running.pid)
  const used = before && after && { ns: after.cpuNs - before.cpuNs, waitedNs: after.waitedNs - before.waitedNs }
  lane.windows.push({
    ms: median(times),
    cpuMs: used && used.ns / 1e6 / calls,
    disturbed: Math.max(0, (used?.waitedNs ?? 0) / 1e6 / (performance.now() - started)),
  })
}

function found({ windows, running, idleBytes, firstBytes, refused, wrong }: Lane): Found {
  const kept = undisturbed(windows)
  const cpuMs = kept.flatMap(window => window.cpuMs ?? [])
  const peak = memory(running.pid)?.peakBytes
  return {
    ms: median(kept.map(({ ms }) => ms)),
    cpuMs: cpuMs.length === 0 ? undefined : median(cpuMs),
    firstBytes,
    laterBytes: peak !== undefined && idleBytes !== undefined ? peak - idleBytes : undefined,
    refused,
    wrong,
  }
}

/** The one message of a body, of a line, or of an event stream. */
function messageIn(text: string): unknown {
  const data = text.startsWith('{') ? text : text.slice(text.indexOf('\ndata: ') + '\ndata: '.length)
  try {
    return JSON.parse(data)
  } catch {
    return undefined
  }
}
