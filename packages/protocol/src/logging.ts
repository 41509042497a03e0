import type { LoggingLevel } from './model/index.ts'

/** Log levels of RFC 5424 section 6.2.1, least severe first. */
export const loggingLevels: readonly LoggingLevel[] = [
  'debug',
  'info',
  'notice',
  'warning',
  'error',
  'critical',
  'alert',
  'emergency',
]

export const isLoggingLevel = (value: unknown): value is LoggingLevel =>
  (loggingLevels as readonly unknown[]).includes(value)

/** Whether a message of `level` is wanted by somebody who asked for `least` and above. */
export const isLogged = (level: LoggingLevel, least: LoggingLevel | undefined): boolean =>
  least !== undefined && loggingLevels.indexOf(level) >= loggingLevels.indexOf(least)
