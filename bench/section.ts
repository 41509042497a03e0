import type { Cores } from './machine/cpu.ts'
import type { Table } from './table.ts'

export interface RunOptions {
  /** Undefined where processes cannot be pinned. */
  readonly cores: Cores | undefined
  /** Windows, or repetitions, of each contestant. */
  readonly rounds: number
  /** Length of a window in milliseconds. */
  readonly ms: number
  /** Longest warm-up of a contestant in milliseconds. */
  readonly warmMs: number
  /** Only contestants whose name contains this, and the baseline; empty for all. */
  readonly only: string
  /** For the contestants' `node`. */
  readonly flags: readonly string[]
}

/** One question that the benchmarks answer. */
export interface Section {
  /** What chooses it on the command line. */
  readonly name: string
  /** One line for the help. */
  readonly about: string
  /** More words that it understands, by kind; a word that no section knows ends the run. */
  readonly words: readonly (readonly string[])[]
  /**
   * Hands out each table as soon as it is measured. `words` are those of its own that were given.
   *
   * @throws {Error} when a contestant cannot be started or goes away
   */
  run(words: readonly string[], options: RunOptions): AsyncIterable<Table>
}
