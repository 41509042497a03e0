import { createInterface } from 'node:readline/promises'
import { AuthorizationError, type Presence, type Redirect } from '../client/contract.ts'
import { openBrowser } from './browser.ts'
import { type LoopbackOptions, loopbackRedirect } from './loopback-redirect.ts'

export interface TerminalPresenceOptions {
  /** Shows text to the person. Default: standard error, so that output stays clean. */
  readonly write?: (text: string) => void
  /** Only prints URLs. */
  readonly noBrowser?: boolean
  /** Takes the answer from a line of input as well: for a browser on another machine, which can't reach this one. */
  readonly pasteUrl?: boolean
  readonly redirect?: LoopbackOptions
  /** Opens a URL. False: that was not possible. */
  readonly open?: (url: URL) => Promise<boolean>
  /** Reads one line from the person. Rejects when there is no more input, or with the signal's reason. */
  readonly readLine?: (prompt: string, signal: AbortSignal) => Promise<string>
}

/** Times a person may paste something that isn't the answer. */
const attempts = 5

/** The person at a terminal. The URL is always printed; the browser is opened unless told otherwise. */
export function terminalPresence(options: TerminalPresenceOptions = {}): Presence {
  const { write = text => void process.stderr.write(text), open = openBrowser, readLine = lineOfInput } = options
  const isOpened = options.noBrowser !== true && options.pasteUrl !== true
  return {
    async redirect() {
      const loopback = await loopbackRedirect(options.redirect)
      return options.pasteUrl === true ? orPasted(loopback, write, readLine) : loopback
    },
    async visit(url) {
      write(`\nTo log in at ${url.host}, open this page:\n\n  ${url.href}\n\n`)
      if (isOpened && !(await open(url))) write('No browser could be opened here: open the page yourself.\n')
    },
    async showCode(verificationUri, userCode, complete, expiresAtMs) {
      const minutes = Math.max(1, Math.round((expiresAtMs - Date.now()) / 60_000))
      const short = complete === undefined ? '' : `\nOr open this one and compare the code:\n\n  ${complete.href}\n`
      write(
        `\nTo log in at ${verificationUri.host}, open this page on any device:\n\n  ${verificationUri.href}\n\n` +
          `and enter this code, within ${minutes} min:\n\n  ${printable(userCode)}\n${short}\n`,
      )
    },
  }
}

/** The first of two ways home counts: the browser's own, and the address that the person copied from it. */
function orPasted(
  loopback: Redirect,
  write: (text: string) => void,
  readLine: (prompt: string, signal: AbortSignal) => Promise<string>,
): Redirect {
  return {
    ...loopback,
    async answer(signal) {
      const done = new AbortController()
      const leave = () => done.abort(signal.reason)
      signal.throwIfAborted()
      signal.addEventListener('abort', leave, { once: true })
      try {
        return await Promise.race([
          loopback.answer(done.signal),
          pasted(new URL(loopback.redirectUri), write, prompt => readLine(prompt, done.signal)),
        ])
      } finally {
        signal.removeEventListener('abort', leave)
        done.abort()
      }
    },
  }
}

async function pasted(
  redirectUri: URL,
  write: (text: string) => void,
  readLine: (prompt: string) => Promise<string>,
): Promise<URL> {
  write(
    `After logging in, the browser goes to an address that starts with ${redirectUri.href}\n` +
      'and may say that the page does not load. Copy that address from the browser.\n',
  )
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const line = (await readLine('Paste it here: ')).trim()
    const url = URL.canParse(line) ? new URL(line) : undefined
    const isAnswer = url?.searchParams.has('code') || url?.searchParams.has('error')
    if (url?.origin === redirectUri.origin && url.pathname === redirectUri.pathname && isAnswer) return url
    write(`That is not such an address: it has to start with ${redirectUri.href}?\n`)
  }
  throw new AuthorizationError('authorization', `${attempts} lines were pasted and none was the address; log in again`)
}

async function lineOfInput(prompt: string, signal: AbortSignal): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  const ended = new Promise<never>((_, reject) => {
    lines.once('close', () =>
      reject(new AuthorizationError('authorization', 'the input ended before an address was pasted')),
    )
  })
  try {
    return await Promise.race([lines.question(prompt, { signal }), ended])
  } finally {
    ended.catch(() => undefined)
    lines.close()
  }
}

/** Without control characters, by which a server could write to the terminal as if it were us. */
const printable = (text: string): string => text.replace(/[^\x20-\x7e]/g, '').slice(0, 64)
