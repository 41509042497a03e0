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
  /** Cells on the way to here, as many as `depth` says; a cell is a step at a position. */
  const path: number[] = []
  let depth = 0
  let work = 0
  const go = (step: number, at: number): void => {
    ways.push(step * width + at, depth)
  }
  while (ways.length > 0) {
    depth = ways.pop() ?? 0
    const cell = ways.pop() ?? 0
    work += 1
    if (tried[cell] === 1) continue
    tried[cell] = 1
    path[depth] = cell
    depth += 1
    const at = cell % width
    const index = (cell - at) / width
    const step = steps[index]
    if (step === undefined) continue
    if (step.kind === 'end' && at === uri.length)
      return { readings: readingsOf(path.slice(0, depth), steps, uri), work }
    lead(step, index, at, uri, go)
  }
  return { readings: undefined, work }
}

/** Goes on to where a step leads, the preferred way last. */
function lead(step: Step, index: number, at: number, uri: string, go: (step: number, at: number) => void): void {
  switch (step.kind) {
    case 'end':
      return
    case 'text':
      if (uri.startsWith(step.text, at)) go(step.next, at + step.text.length)
      return
    case 'value': {
      const length = pieceLength(uri, at, step.endsAt)
      if (length > 0) go(index, at + length)
      go(step.next, at)
      return
    }
    case 'bare':
      go(step.next, at)
      return
    case 'choice':
      for (let way = step.next.length - 1; way >= 0; way -= 1) go(step.next[way] ?? 0, at)
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
