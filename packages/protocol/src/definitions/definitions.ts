import type { Check, Shape } from '../revision.ts'
import { assemble, type Named } from './assemble.ts'
import { readShape } from './read.ts'

/**
 * Checks written as code, by the names of their definitions, each to be joined to those of the definitions that it
 * refers to. `tools/generate` writes them for what every call runs.
 */
export type Compiled = Readonly<Record<string, (named: Named) => Check>>

/**
 * Definitions as they are kept: as text, one line each, `Name=shape`, or `Name=` for one that only newer revisions have;
 * some of them compiled as well.
 */
export interface Written {
  readonly text: string
  readonly compiled: Compiled
}

/**
 * The definitions of one revision. Kept are those that are not the same in the next newer revision. A check is put
 * together when it is first asked: a process pays for the methods that it meets, in the revision that its peer speaks.
 */
export class Definitions {
  readonly #parts: readonly Written[]
  readonly #newer: Definitions | undefined
  readonly #shapes = new Map<string, Shape>()
  readonly #checks = new Map<string, Check>()

  constructor(parts: readonly Written[], newer: Definitions | undefined) {
    this.#parts = parts
    this.#newer = newer
  }

  has(name: string): boolean {
    return this.#find(name).line !== ''
  }

  /** @throws {TypeError} for a definition that is not among these */
  shape(name: string): Shape {
    const known = this.#shapes.get(name)
    if (known !== undefined) return known
    const { line } = this.#find(name)
    if (line === '') throw new TypeError(absent(name))
    const shape = readShape(line)
    this.#shapes.set(name, shape)
    return shape
  }

  /** Whether values match a definition. It is looked up for the first of them, and throws then as `shape` does. */
  check(name: string): Check {
    const known = this.#checks.get(name)
    if (known !== undefined) return known
    let made: Check | undefined
    const check: Check = value => {
      made ??= this.#make(name)
      return made(value)
    }
    this.#checks.set(name, check)
    return check
  }

  #make(name: string): Check {
    const named: Named = other => this.check(other)
    return this.#find(name).compiled?.(named) ?? assemble(this.shape(name), named)
  }

  #find(name: string): { readonly line: string; readonly compiled: Compiled[string] | undefined } {
    const mark = `\n${name}=`
    for (const { text, compiled } of this.#parts) {
      const at = text.indexOf(mark)
      if (at === -1) continue
      return { line: text.slice(at + mark.length, text.indexOf('\n', at + 1)), compiled: compiled[name] }
    }
    if (this.#newer !== undefined) return this.#newer.#find(name)
    return { line: '', compiled: undefined }
  }
}

const absent = (name: string): string =>
  `there is no definition "${name}" here; what only clients receive is in receivedByClients()`
