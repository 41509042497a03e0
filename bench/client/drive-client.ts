import { createInterface } from 'node:readline'
import type { Driver, Load } from '../load/drive.ts'
import type { Running } from '../machine/program.ts'

/** A client in a process of its own, which calls for as long as it is told (`contestants/client-windows.js`). */
export interface ClientDriver extends Driver {
  /** Bytes in use after a collection; the client needs `--expose-gc`. */
  heap(): Promise<number>
}

export function driveClient({ child }: Pick<Running, 'child'>): ClientDriver {
  let settle: { resolve(answer: object): void; reject(error: Error): void } | undefined
  createInterface({ input: child.stdout })
    .on('line', line => settle?.resolve(JSON.parse(line) as object)) // our own program wrote it
    .on('close', () => settle?.reject(new Error('the client went away')))
  const ask = async <Answer extends object>(command: object): Promise<Answer> => {
    const answered = new Promise<object>((resolve, reject) => {
      settle = { resolve, reject }
    })
    child.stdin.write(`${JSON.stringify(command)}\n`)
    const answer = await answered
    if ('failed' in answer) throw new Error(`a call failed: ${String(answer.failed)}`)
    return answer as Answer // what this command is answered with
  }
  return {
    open: async () => ({ run: ms => ask<Load>({ ms }), close: () => {} }),
    heap: async () => (await ask<{ readonly bytes: number }>({ heap: true })).bytes,
  }
}
