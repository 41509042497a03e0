import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import type { Table } from './table.ts'

/** A table as it is kept: with what it was measured on. */
export interface Kept extends Table {
  readonly machine: string
}

/** What `--json` writes and `docs/performance.md` is made of. */
export interface Figures {
  readonly tables: readonly Kept[]
}

/** @throws {SyntaxError} when the file is there and no JSON */
export const read = (path: string | URL): Figures =>
  existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : { tables: [] }

/** Writes the figures with this table in the place of the one of its name, or at the end. */
export function keep(path: string, { tables }: Figures, table: Kept): Figures {
  const isKnown = tables.some(({ name }) => name === table.name)
  const kept = { tables: isKnown ? tables.map(old => (old.name === table.name ? table : old)) : [...tables, table] }
  writeFileSync(path, `${JSON.stringify(kept, undefined, 2)}\n`)
  return kept
}
