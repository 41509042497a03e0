/** What scripts can tell from the command's exit code. */
export const exit = {
  ok: 0,
  /** The command ran, but what it was asked for failed: a tool's error, a server that is down. */
  failed: 1,
  /** The command line or the configuration is wrong. */
  usage: 2,
  /** Stopped by Ctrl-C. */
  interrupted: 130,
} as const

/** Ends a command with a message for the person and an exit code for scripts. */
export class CommandError extends Error {
  readonly exitCode: number
  constructor(message: string, exitCode: number = exit.usage) {
    super(message)
    this.name = 'CommandError'
    this.exitCode = exitCode
  }
}
