import type { Program, Step } from './compile.ts'
import type { Variable } from './parse.ts'

/** A variable and the piece of the URI that stands for it, still encoded. */
export interface Reading {
  readonly variable: Variable
  readonly raw: string
}

export interface Match {
  /** In the URI's order; undefined when it cannot be read to its end. */
  readonly readings: readonly Reading[] | undefined
  /** Ways tried: at most those of the program times the positions in the URI. */
  readonly work: number
}

/**
 * Reads a whole URI with a program: from the left, always the preferred way first, turning back where it leads nowhere.
 * A step that was tried at a position is never tried there again, because it would fail again; so the work is linear in
 * the steps times the characters, whatever the template and the URI hold.
 */
export function match({ steps, start }: Program, uri: string): Match {
  const width = uri.length + 1
  const tried = new Uint8Array(steps.length * width)
  /** Ways not gone yet, the preferred one last, each as its cell and how much of the path leads there. */
  const ways: number[] = [start * width, 0]
  /** Cells on the way to here; a cell is a step at a position. */
  const path: number[] = []
  let work = 0
  while (ways.length > 0) {
    path.length = ways.pop() ?? 0
    const cell = ways.pop() ?? 0
    work += 1
    if (tried[cell] === 1) continue
    tried[cell] = 1
    path.push(cell)
    const at = cell % width
    const index = (cell - at) / width
    const step = steps[index]
    if (step === undefined || (step.kind === 'end' && at === uri.length))
      return { readings: readingsOf(path, steps, uri), work }
    for (const way of waysFrom(step, index, at, uri)) ways.push(way.step * width + way.at, path.length)
  }
  return { readings: undefined, work }
}

interface Way {
  readonly step: number
  readonly at: number
}

/** Where a step leads, the preferred way last. */
function waysFrom(step: Step, index: number, at: number, uri: string): readonly Way[] {
  switch (step.kind) {
    case 'end':
      return []
    case 'text':
      return uri.startsWith(step.text, at) ? [{ step: step.next, at: at + step.text.length }] : []
    case 'value': {
      const length = pieceLength(uri, at, step.endsAt)
      const end = { step: step.next, at }
      return length === 0 ? [end] : [{ step: index, at: at + length }, end]
    }
    case 'bare':
      return [{ step: step.next, at }]
    case 'choice':
      return step.next.map(next => ({ step: next, at })).reverse()
  }
}

/** Length of the character or percent-encoded octet that continues a value; 0 when none does. */
function pieceLength(uri: string, at: number, endsAt: string): number {
  if (at >= uri.length) return 0
  if (uri.charCodeAt(at) === percent) return isHex(uri.charCodeAt(at + 1)) && isHex(uri.charCodeAt(at + 2)) ? 3 : 0
  return endsAt !== '' && endsAt.includes(uri.charAt(at)) ? 0 : 1
}

const percent = 0x25
/** Of a digit or a letter; setting bit 5 makes a letter lower-case. */
const isHex = (character: number): boolean =>
  (character >= 0x30 && character <= 0x39) || ((character | 0x20) >= 0x61 && (character | 0x20) <= 0x66)

/** A value lasts from the first cell of its step to the last of those that follow each other. */
function readingsOf(path: readonly number[], steps: readonly Step[], uri: string): readonly Reading[] {
  const width = uri.length + 1
  const readings: Reading[] = []
  let from = 0
  for (const [order, cell] of path.entries()) {
    const at = cell % width
    const index = (cell - at) / width
    const step = steps[index]
    if (step?.kind !== 'value' && step?.kind !== 'bare') continue
    if (Math.floor((path[order - 1] ?? 0) / width) !== index) from = at
    if (Math.floor((path[order + 1] ?? 0) / width) === index) continue
    readings.push({ variable: step.variable, raw: uri.slice(from, at) })
  }
  return readings
}
