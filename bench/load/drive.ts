import { median } from '../table.ts'

/** What a closed loop did: every call is answered before the next one takes its place. */
export interface Load {
  readonly calls: number
  readonly ms: number
  readonly wrong: number
  /** The first answer that was wrong, clipped. */
  readonly firstWrong?: string
  /** Median time from a call to its answer, where the driver takes it. */
  readonly p50Ms?: number
}

/** A contestant that is ready to be called. */
export interface Driver {
  /** Opens connections and uses each once, so that a loop measures calls only. */
  open(): Promise<Loop>
}

export interface Loop {
  /** Calls for this long, then waits for the answers in flight. Rejects when the contestant goes away. */
  run(ms: number): Promise<Load>
  close(): void
}

/** Counts answers. */
export class Tally {
  readonly #latencies: number[] = []
  #calls = 0
  #wrong = 0
  #firstWrong: string | undefined
  readonly #started = performance.now()

  /** @param ms time from the call to this answer */
  count(isRight: boolean, answer: string, ms?: number): void {
    this.#calls += 1
    if (ms !== undefined) this.#latencies.push(ms)
    if (isRight) return
    this.#wrong += 1
    this.#firstWrong ??= answer.slice(0, 500)
  }

  /** How long it has been counting. */
  get ms(): number {
    return performance.now() - this.#started
  }

  load(): Load {
    return {
      calls: this.#calls,
      ms: this.ms,
      wrong: this.#wrong,
      ...(this.#firstWrong === undefined ? {} : { firstWrong: this.#firstWrong }),
      ...(this.#latencies.length === 0 ? {} : { p50Ms: median(this.#latencies) }),
    }
  }
}

export interface Answer {
  readonly isRight: boolean
  readonly text: string
}

/** Connections of which each asks again as soon as it has its answer. Each has been used once before the first run. */
export async function closedLoop<Connection extends { close(): void }>(
  open: () => Promise<Connection>,
  atOnce: number,
  ask: (connection: Connection) => Promise<Answer>,
): Promise<Loop> {
  const pool = await Promise.all(Array.from({ length: atOnce }, open))
  await Promise.all(pool.map(ask))
  return {
    async run(ms) {
      const tally = new Tally()
      const repeat = async (connection: Connection): Promise<void> => {
        while (tally.ms < ms) {
          const asked = performance.now()
          const { isRight, text } = await ask(connection)
          tally.count(isRight, text, performance.now() - asked)
        }
      }
      await Promise.all(pool.map(repeat))
      return tally.load()
    },
    close: () => pool.forEach(connection => connection.close()),
  }
}
