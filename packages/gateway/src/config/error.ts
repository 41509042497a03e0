/** What can be wrong with a configuration file. The first group makes the whole file unusable, the second one server. */
export type ConfigErrorCode =
  | 'file_unreadable'
  | 'file_too_large'
  | 'syntax'
  | 'servers_missing'
  | 'servers_invalid'
  | 'server_name_empty'
  | 'server_invalid'
  | 'duplicate_key'
  | 'launch_missing'
  | 'launch_ambiguous'
  | 'transport_unknown'
  | 'transport_mismatch'
  | 'member_misspelt'
  | 'member_invalid'
  | 'command_line'
  | 'url_invalid'
  | 'variable_unset'
  | 'variable_unsupported'
  | 'variable_malformed'

export interface ConfigErrorDetails {
  readonly file?: string
  /** Both count from 1, as editors do. */
  readonly line?: number
  readonly column?: number
  /** Name of the server the mistake belongs to; absent when it is the whole file's. */
  readonly server?: string
  /** What helps to find the remedy, in one or more lines: a likely spelling, an example, the line at fault. */
  readonly hint?: string
  readonly cause?: unknown
}

/**
 * A mistake in the configuration, told to the operator. `message` says what is wrong, on which thing, what was expected
 * and what to change; where it is stands in `file`, `line` and `column`. Values of the configuration and of variables
 * are never part of it.
 */
export class ConfigError extends Error {
  override readonly name: string = 'ConfigError'
  readonly code: ConfigErrorCode
  declare readonly file?: string
  declare readonly line?: number
  declare readonly column?: number
  declare readonly server?: string
  declare readonly hint?: string

  constructor(code: ConfigErrorCode, message: string, { cause, ...where }: ConfigErrorDetails = {}) {
    super(message, cause === undefined ? {} : { cause })
    this.code = code
    Object.assign(this, where)
  }
}

/** The error as plain text for a terminal: `file:line:column  message`, then the hint's lines, indented. */
export function describe(error: ConfigError): string {
  const place = [error.file, error.line, error.column].filter(part => part !== undefined).join(':')
  const hints = error.hint?.split('\n').map(line => `    ${line}`.trimEnd()) ?? []
  return [place === '' ? error.message : `${place}  ${error.message}`, ...hints].join('\n')
}

/** A name from the file, quoted for a message: escaped, and clipped so that it cannot bury the sentence around it. */
export function quoted(name: string): string {
  return JSON.stringify(name.length > 60 ? `${name.slice(0, 59)}…` : name)
}
