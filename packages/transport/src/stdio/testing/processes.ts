import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { isRunning, processTable } from '../process-table.ts'
import { hostMarker, treeVariable } from '../tree.ts'

/** The path of a script in this folder. */
export function fixture(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url))
}

/** The next line that a process prints, or undefined when it prints no more. Nobody else reads the stream meanwhile. */
export async function nextLine(stream: Readable): Promise<string | undefined> {
  let text = ''
  return new Promise(resolve => {
    const finish = (line: string | undefined) => {
      stream.off('data', read)
      stream.pause()
      resolve(line)
    }
    const read = (chunk: Uint8Array) => {
      text += Buffer.from(chunk).toString()
      const end = text.indexOf('\n')
      if (end === -1) return
      const rest = text.slice(end + 1)
      finish(text.slice(0, end))
      if (rest !== '') stream.unshift(Buffer.from(rest))
    }
    stream.on('data', read)
    stream.once('end', () => finish(undefined))
    stream.resume()
  })
}

/** Waits until none of the processes runs, for at most `ms`; gives those that still do. Zombies do not run. */
export async function survivors(pids: readonly number[], ms: number): Promise<readonly number[]> {
  const deadline = performance.now() + ms
  const rows = (await processTable()).filter(({ pid }) => pids.includes(pid))
  for (;;) {
    const running = rows.filter(row => !row.ended && isRunning(row)).map(({ pid }) => pid)
    if (running.length === 0 || performance.now() > deadline) return running
    await sleep(20)
  }
}

/** The processes that carry this process's marker, so were started by it. Linux only. */
export async function marked(): Promise<readonly number[]> {
  const table = await processTable()
  return table.filter(row => !row.ended && row.variable(treeVariable)?.includes(hostMarker)).map(({ pid }) => pid)
}
