import { nearestLine } from './nearest-line.ts'
import { quoted, Refusal } from './refusal.ts'

/** Replace `oldText`, which is there exactly once unless `replaceAll`, by `newText`. */
export interface Edit {
  readonly oldText: string
  readonly newText: string
  readonly replaceAll?: boolean | undefined
}

/** Line numbers named in one sentence. */
const shownLines = 10

/** Applies edits in turn, each to the result of those before it. Refuses all when one does not fit. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  return edits.reduce((current, edit, index) => applyEdit(current, edit, index + 1, edits.length), text)
}

function applyEdit(text: string, given: Edit, number: number, count: number): string {
  const which = count === 1 ? '' : ` (edit ${number} of ${count}; nothing was changed)`
  if (given.oldText === '') throw new Refusal(`old_text is empty${which}; give the text to replace`)
  const edit = inLineEndingsOf(text, given)
  const found = places(text, edit.oldText)
  if (found.length === 0) throw new Refusal(`old_text does not occur in the file${which}; ${hint(text, given.oldText)}`)
  if (found.length > 1 && !edit.replaceAll) {
    const lines = found.slice(0, shownLines).map(place => lineOf(text, place))
    const more = found.length > shownLines ? ', …' : ''
    throw new Refusal(
      `old_text occurs ${found.length} times, on lines ${lines.join(', ')}${more}${which}; ` +
        'add lines around it to choose one, or set replace_all',
    )
  }
  return text.split(edit.oldText).join(edit.newText)
}

/** Models write `\n`; a file that ends all its lines in `\r\n` is matched and left in its own manner. */
function inLineEndingsOf(text: string, edit: Edit): Edit {
  const isDos = text.includes('\r\n') && !/(?<!\r)\n/.test(text)
  if (!isDos) return edit
  return { ...edit, oldText: withDosEndings(edit.oldText), newText: withDosEndings(edit.newText) }
}

const withDosEndings = (text: string): string => text.replaceAll(/\r?\n/g, '\r\n')

function places(text: string, piece: string): number[] {
  const found: number[] = []
  for (let at = text.indexOf(piece); at !== -1; at = text.indexOf(piece, at + piece.length)) found.push(at)
  return found
}

function lineOf(text: string, place: number): number {
  let line = 1
  for (let at = text.indexOf('\n'); at !== -1 && at < place; at = text.indexOf('\n', at + 1)) line++
  return line
}

function hint(text: string, oldText: string): string {
  const nearest = nearestLine(text, oldText)
  if (nearest === undefined) return 'read the file and copy the text exactly'
  return `the nearest is line ${nearest.number}: ${quoted(nearest.text)}; copy it exactly, with its spaces`
}
