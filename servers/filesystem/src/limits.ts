const KiB = 1024
const MiB = 1024 * KiB

/** What one call may cost, so that neither a model nor a strange folder can exhaust the process or the context. */
export interface Limits {
  /** Text in one answer of `read_file`. More crowds out everything else a model has in mind. */
  readonly answerBytes: number
  /** An image or sound, sent whole. Grows by a third as base64 and stays under common message limits. */
  readonly mediaBytes: number
  /** Bytes passed over to find a line by its number. A few seconds of reading. */
  readonly scanBytes: number
  /** Content `write_file` takes and files `edit_file` edits; both are held in memory. */
  readonly writeBytes: number
  /** Bytes of diff in one answer of `edit_file`. */
  readonly diffBytes: number
  /** Entries shown by `list_directory`. */
  readonly listedEntries: number
  /** Entries read to choose those from; a folder with more is listed in part. */
  readonly readEntries: number
  /** Results of `search_files`. */
  readonly searchResults: number
  /** Files and folders `search_files` looks at. */
  readonly searchEntries: number
  /** Time `search_files` takes. Clients commonly give up after a minute. */
  readonly searchMs: number
  /** Bytes of content `search_files` reads. */
  readonly searchBytes: number
  /** Largest file whose content `search_files` looks into; larger ones are counted as skipped. */
  readonly searchFileBytes: number
  /** Folders inside one another that `search_files` enters; each holds one file handle open. */
  readonly searchDepth: number
  /** Links followed to reach one file, as in Linux. */
  readonly links: number
}

export const defaultLimits: Limits = {
  answerBytes: MiB,
  mediaBytes: 2 * MiB,
  scanBytes: 512 * MiB,
  writeBytes: 4 * MiB,
  diffBytes: 64 * KiB,
  listedEntries: 1_000,
  readEntries: 20_000,
  searchResults: 200,
  searchEntries: 200_000,
  searchMs: 20_000,
  searchBytes: 512 * MiB,
  searchFileBytes: 8 * MiB,
  searchDepth: 64,
  links: 40,
}

export function sized(bytes: number): string {
  if (bytes < KiB) return `${bytes} bytes`
  return bytes < MiB ? `${rounded(bytes / KiB)} KiB` : `${rounded(bytes / MiB)} MiB`
}

const rounded = (value: number): number => Math.round(value * 10) / 10
