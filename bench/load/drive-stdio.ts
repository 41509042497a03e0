import type { Readable, Writable } from 'node:stream'
import { type Driver, type Load, Tally } from './drive.ts'
import { at, type Era, handshake, isRight, request } from './messages.ts'
import type { Workload } from './workloads.ts'

/** Requests in flight on the one stream there is: what a busy host with several agents keeps open. */
export const inFlight = 64

interface Stdio {
  readonly stdin: Writable
  readonly stdout: Readable
}

/** Calls a tool of a child process, one message a line. */
export async function driveStdio(child: Stdio, era: Era, workload: Workload): Promise<Driver> {
  const lines = new Lines(child.stdout)
  if (era === 'legacy') {
    const answered = lines.next()
    child.stdin.write(`${handshake.initialize}\n`)
    const answer = await answered
    if (at(parse(answer), 'result') === undefined) throw new Error(`initialize was answered with ${answer}`)
    child.stdin.write(`${handshake.initialized}\n`)
  }
  let call = 0
  return {
    open: async () => ({ run: ms => run(ms), close: () => {} }),
  }

  function run(ms: number): Promise<Load> {
    return new Promise((resolve, reject) => {
      const tally = new Tally()
      const progress = new Map<unknown, unknown[]>()
      const waiting = new Set<unknown>()
      const ask = (calls: number): void => {
        let text = ''
        for (let more = calls; more > 0; more -= 1) {
          call += 1
          waiting.add(call)
          text += `${request(era, workload, call)}\n`
        }
        if (text !== '') child.stdin.write(text)
      }
      const take = (line: string): number => {
        const message = parse(line)
        const token = at(message, 'params', 'progressToken')
        if (token !== undefined) {
          progress.set(token, [...(progress.get(token) ?? []), message])
          return 0
        }
        const id = at(message, 'id')
        const isExpected = typeof id === 'number' && waiting.delete(id)
        const messages = [...(progress.get(id) ?? []), message]
        progress.delete(id)
        tally.count(isExpected && isRight(era, workload, id, messages), line)
        return 1
      }
      lines.listen(arrived => {
        const answered = arrived.reduce((sum, line) => sum + take(line), 0)
        if (tally.ms < ms) ask(answered)
        else if (waiting.size === 0) resolve(tally.load())
      }, reject)
      ask(inFlight)
    })
  }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

/** Hands out all lines of a chunk at once, so that what they give rise to is written at once. */
class Lines {
  #rest = ''
  #listener: (lines: readonly string[]) => void = () => {}
  #onEnd: (error: Error) => void = () => {}

  constructor(stream: Readable) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      const lines = (this.#rest + text).split('\n')
      this.#rest = lines.pop() ?? ''
      if (lines.length > 0) this.#listener(lines)
    })
    stream.on('close', () => this.#onEnd(new Error('the contestant closed its output')))
  }

  listen(listener: (lines: readonly string[]) => void, onEnd: (error: Error) => void): void {
    this.#listener = listener
    this.#onEnd = onEnd
  }

  next(): Promise<string> {
    return new Promise((resolve, reject) => this.listen(([line = '']) => resolve(line), reject))
  }
}
