import { expect, test } from 'vitest'
import { type TerminalPresenceOptions, terminalPresence } from './presence.ts'

/** A person who sees `shown` and enters `lines`, then nothing more. */
function person(options: TerminalPresenceOptions = {}, lines: readonly string[] = []) {
  const opened: string[] = []
  let shown = ''
  const rest = [...lines]
  const presence = terminalPresence({
    write: text => {
      shown += text
    },
    open: async url => opened.push(url.href) > 0,
    readLine: async (_, signal) => {
      const line = rest.shift()
      if (line !== undefined) return line
      return new Promise<string>((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new Error('reading was ended')))
      })
    },
    ...options,
  })
  return { presence, opened, shown: () => shown }
}

const page = new URL('https://as.example/authorize?client_id=a')
const patient = () => new AbortController().signal

test('the page is printed and opened', async () => {
  const { presence, opened, shown } = person()
  await presence.visit(page)
  expect(shown()).toBe(`\nTo log in at as.example, open this page:\n\n  ${page.href}\n\n`)
  expect(opened).toEqual([page.href])
})

test('it is only printed when told so, and the person hears when no browser could be opened', async () => {
  for (const options of [{ noBrowser: true }, { pasteUrl: true }]) {
    const { presence, opened, shown } = person(options)
    await presence.visit(page)
    expect(shown()).toContain(page.href)
    expect(opened).toEqual([])
  }
  const { presence, shown } = person({ open: async () => false })
  await presence.visit(page)
  expect(shown()).toContain('No browser could be opened here: open the page yourself.')
})

test('the answer comes over loopback', async () => {
  const { presence } = person()
  const redirect = await presence.redirect()
  const answer = redirect.answer(patient())
  await fetch(`${redirect.redirectUri}?code=a`)
  expect((await answer).searchParams.get('code')).toBe('a')
  await redirect.close()
})

test('on a machine without a browser the address is pasted; what is not the address is asked for again', async () => {
  const lines: string[] = []
  let shown = ''
  const presence = terminalPresence({
    pasteUrl: true,
    write: text => {
      shown += text
    },
    readLine: async () => lines.shift() ?? '',
  })
  const redirect = await presence.redirect()
  lines.push(
    'what?',
    'https://evil.example/callback?code=b',
    redirect.redirectUri,
    ` ${redirect.redirectUri}?code=c&state=s `,
  )
  expect((await redirect.answer(patient())).href).toBe(`${redirect.redirectUri}?code=c&state=s`)
  expect(shown.split('That is not such an address').length - 1).toBe(3)
  expect(shown).not.toContain('evil.example')
  await redirect.close()
})

test('pasting the wrong thing again and again ends it', async () => {
  const { presence } = person({ pasteUrl: true }, Array<string>(9).fill('no'))
  const redirect = await presence.redirect()
  await expect(redirect.answer(patient())).rejects.toThrow('5 lines were pasted and none was the address; log in again')
  await redirect.close()
})

test('while the address may be pasted, the browser may still come home itself, which ends the reading', async () => {
  const { promise, resolve } = deferred()
  const { presence } = person({
    pasteUrl: true,
    readLine: (_, signal) => new Promise<string>(() => signal.addEventListener('abort', resolve)),
  })
  const redirect = await presence.redirect()
  const answer = redirect.answer(patient())
  await fetch(`${redirect.redirectUri}?code=a`)
  expect((await answer).searchParams.get('code')).toBe('a')
  await promise
  await redirect.close()
})

test('the signal ends the wait for a pasted address', async () => {
  const controller = new AbortController()
  const { presence } = person({ pasteUrl: true })
  const redirect = await presence.redirect()
  const answer = redirect.answer(controller.signal)
  controller.abort(new Error('took too long'))
  await expect(answer).rejects.toThrow('took too long')
  await redirect.close()
})

test("a device's code is shown without what could write to the terminal", async () => {
  const { presence, shown, opened } = person()
  const complete = new URL('https://as.example/device?user_code=AB-CD')
  await presence.showCode?.(new URL('https://as.example/device'), '\x1b[2JAB-\nCD\x9b', complete, Date.now() + 600_000)
  expect(shown()).toContain(
    'open this page on any device:\n\n  https://as.example/device\n\nand enter this code, within 10 min:',
  )
  expect(shown()).toContain('\n  [2JAB-CD\n')
  expect(shown()).toContain(complete.href)
  for (const control of ['\x1b', '\x9b']) expect(shown()).not.toContain(control)
  expect(opened).toEqual([])
})

function deferred() {
  let resolve!: () => void
  const promise = new Promise<void>(settle => {
    resolve = settle
  })
  return { promise, resolve }
}
