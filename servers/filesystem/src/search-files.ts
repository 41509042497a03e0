import { join } from 'node:path'
import { type Area, shown } from './area.ts'
import { find } from './find.ts'
import { type Glob, glob } from './glob.ts'
import { namesIn } from './list-directory.ts'
import { contentOf, headBytes } from './media.ts'
import { hold, type Kind, kindOf, openFile, type Place } from './place.ts'
import { readAt } from './read-file.ts'
import { errorCode, explained, quoted, Refusal } from './refusal.ts'

export interface SearchRequest {
  /** Folder to search; every allowed folder when absent. */
  readonly path?: string | undefined
  /** Names to find, or whose content to search. */
  readonly glob?: string | undefined
  /** Text to find in contents, as it stands. */
  readonly text?: string | undefined
  readonly ignoreCase?: boolean | undefined
  /** Also enter `.git` and `node_modules`. */
  readonly everywhere?: boolean | undefined
}

export interface Match {
  readonly path: string
  readonly kind: Kind
  /** Line number and content, when text was searched for. */
  readonly line?: number
  readonly text?: string
}

export interface SearchAnswer {
  readonly matches: readonly Match[]
  /** The limit that ended the search early; absent when everything was searched. */
  readonly stoppedBy?: Bound
  /** Files too large to look into, and folders too deep or not permitted to enter. */
  readonly skipped: number
}

export type Bound = 'results' | 'entries' | 'time' | 'bytes'

export interface Watch {
  readonly signal?: AbortSignal | undefined
  readonly progress?: ((entries: number) => void) | undefined
}

const skippedFolders = new Set(['.git', 'node_modules'])

/** Characters of a line shown around what was found. */
const shownCharacters = 240

/** Entries between two reports of progress. */
const reportEvery = 500

/** Finds files by name, by content or both, below a folder. Links are reported by name and never followed. */
export function searchFiles(area: Area, request: SearchRequest, watch: Watch = {}): Promise<SearchAnswer> {
  const path = request.path ?? '.'
  if (!request.glob && !request.text) {
    throw new Refusal('nothing to search for; give a glob for names, a text for contents, or both')
  }
  return explained(path, async () => {
    const search = new Search(area, request, watch)
    const starts = request.path === undefined ? area.folders.map(folder => folder.real) : [request.path]
    for (const start of new Set(starts)) {
      await using folder = await find(area, start)
      if (!folder.stats.isDirectory()) throw new Refusal(`${quoted(path)} is not a folder; search in a folder`)
      await search.folder(folder, [])
    }
    return search.answer()
  })
}

/** One search: what it has found and what it has used up. */
class Search {
  readonly #area: Area
  readonly #request: SearchRequest
  readonly #watch: Watch
  readonly #fits: Glob
  readonly #until: number
  readonly #matches: Match[] = []
  #entries = 0
  #bytes = 0
  #skipped = 0
  #stoppedBy: Bound | undefined

  constructor(area: Area, request: SearchRequest, watch: Watch) {
    this.#area = area
    this.#request = request
    this.#watch = watch
    this.#fits = request.glob ? glob(request.glob) : () => true
    this.#until = performance.now() + area.limits.searchMs
  }

  answer(): SearchAnswer {
    const stoppedBy = this.#stoppedBy
    return { matches: this.#matches, skipped: this.#skipped, ...(stoppedBy !== undefined && { stoppedBy }) }
  }

  /** Searches a held folder; `names` lead to it from where the search began. */
  async folder(folder: Place, names: readonly string[]): Promise<void> {
    const { limits } = this.#area
    const children = await namesIn(this.#area, folder, limits.searchEntries, this.#watch.signal)
    for (const name of children.sort()) {
      if (this.#isOver()) return
      await this.#child(folder, name, [...names, name])
    }
  }

  async #child(folder: Place, name: string, names: readonly string[]): Promise<void> {
    try {
      await using place = await hold(this.#area, join(folder.at, name))
      const kind = kindOf(place.stats)
      if (this.#fits(names)) {
        if (!this.#request.text) this.#found({ path: shown(this.#area, join(folder.path, name)), kind })
        else if (kind === 'file') await this.#content(place)
      }
      if (kind === 'folder' && (this.#request.everywhere || !skippedFolders.has(name))) {
        if (names.length < this.#area.limits.searchDepth) await this.folder(place, names)
        else this.#skipped++
      }
    } catch (error) {
      // What vanished, moved or is not permitted is passed over; anything else ends the search.
      if (!(error instanceof Refusal) && errorCode(error) === undefined) throw error
      if (errorCode(error) !== 'ENOENT') this.#skipped++
    }
  }

  async #content(place: Place): Promise<void> {
    const { limits } = this.#area
    if (place.stats.size > limits.searchFileBytes) {
      this.#skipped++
      return
    }
    await using file = await openFile(this.#area, place)
    const bytes = await readAt(file, 0, limits.searchFileBytes)
    this.#bytes += bytes.length
    if (contentOf(bytes.subarray(0, headBytes)).kind !== 'text') return
    const path = shown(this.#area, place.path)
    for (const { line, text } of linesWith(bytes.toString('utf8'), this.#request)) {
      this.#found({ path, kind: 'file', line, text })
      if (this.#stoppedBy !== undefined) return
    }
  }

  #found(match: Match): void {
    if (this.#matches.length < this.#area.limits.searchResults) this.#matches.push(match)
    else this.#stoppedBy = 'results'
  }

  #isOver(): boolean {
    const { limits } = this.#area
    this.#watch.signal?.throwIfAborted()
    if (++this.#entries % reportEvery === 0) this.#watch.progress?.(this.#entries)
    if (this.#entries > limits.searchEntries) this.#stoppedBy ??= 'entries'
    if (this.#bytes > limits.searchBytes) this.#stoppedBy ??= 'bytes'
    if (performance.now() > this.#until) this.#stoppedBy ??= 'time'
    return this.#stoppedBy !== undefined
  }
}

function* linesWith(
  content: string,
  { text = '', ignoreCase }: SearchRequest,
): Iterable<{ line: number; text: string }> {
  const [haystack, needle] = ignoreCase ? [content.toLowerCase(), text.toLowerCase()] : [content, text]
  let at = haystack.indexOf(needle)
  // Lower-casing may shift columns but never lines, so lines are shown as they were written.
  const lines = at === -1 ? [] : content.split('\n')
  for (let line = 1, lineStart = 0; at !== -1; ) {
    for (let end = haystack.indexOf('\n', lineStart); end !== -1 && end < at; end = haystack.indexOf('\n', lineStart)) {
      line++
      lineStart = end + 1
    }
    yield { line, text: excerpt(lines[line - 1] ?? '', at - lineStart) }
    const lineEnd = haystack.indexOf('\n', at)
    at = lineEnd === -1 ? -1 : haystack.indexOf(needle, lineEnd + 1)
  }
}

function excerpt(line: string, column: number): string {
  const start = line.length > shownCharacters ? Math.max(0, column - shownCharacters / 3) : 0
  const end = start + shownCharacters
  const piece = line.slice(start, end).trimEnd()
  return `${start > 0 ? '…' : ''}${piece}${end < line.length ? '…' : ''}`
}

/** An answer as lines for a reader, in the manner of `grep`. */
export function printedMatches({ matches, stoppedBy, skipped }: SearchAnswer): string {
  const lines = matches.map(({ path, kind, line, text }) => {
    if (line !== undefined) return `${path}:${line}: ${text}`
    return kind === 'folder' ? `${path}/` : path
  })
  if (lines.length === 0) lines.push('nothing found')
  if (stoppedBy !== undefined) {
    lines.push(`[stopped early: ${reasons[stoppedBy]}; search in a smaller folder or for something rarer]`)
  }
  if (skipped > 0) lines.push(`[${skipped} files or folders were too large, too deep or not readable and were skipped]`)
  return lines.join('\n')
}

const reasons: Record<Bound, string> = {
  results: 'there are more matches',
  entries: 'there are too many files',
  time: 'it took too long',
  bytes: 'there is too much content',
}
