import { createInterface } from 'node:readline/promises'
import { AuthorizationError, type Presence } from '@interlock/auth'
import { openBrowser, terminalPresence } from '@interlock/auth/node'
import { CommandError, exit } from './exit.ts'
import type { Io } from './io.ts'

/** The person at this terminal, who can log in. */
export const personAt = (io: Io, ways: { readonly noBrowser: boolean; readonly pasteUrl: boolean }): Presence =>
  terminalPresence({
    ...ways,
    write: text => void io.stderr.write(text),
    open: url => openBrowser(url, { environment: io.env }),
    readLine: (prompt, signal) => readLine(io, prompt, signal),
  })

async function readLine(io: Io, prompt: string, signal: AbortSignal): Promise<string> {
  const lines = createInterface({ input: io.stdin, output: io.stderr, terminal: io.stdin.isTTY === true })
  const ended = new Promise<never>((_, reject) => {
    // A terminal that is read line by line turns Ctrl-C into this.
    lines.once('SIGINT', () => reject(new CommandError('interrupted', exit.interrupted)))
    lines.once('close', () => reject(new AuthorizationError('authorization', 'the input ended before an address came')))
  })
  ended.catch(() => undefined)
  try {
    return await Promise.race([lines.question(prompt, { signal }), ended])
  } finally {
    lines.close()
  }
}
