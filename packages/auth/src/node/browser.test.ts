import { mkdtemp, readFile, rm, watch, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type BrowserOptions, openBrowser } from './browser.ts'

/** What would be started; only the commands in `present` can be. */
function recorder(present?: readonly string[]) {
  const started: string[][] = []
  const environments: NodeJS.ProcessEnv[] = []
  const start: NonNullable<BrowserOptions['start']> = async (command, args, environment) => {
    started.push([command, ...args])
    environments.push(environment)
    return present?.includes(command) ?? true
  }
  return { started, environments, start }
}

const url = 'https://as.example/authorize?a=1&b=$(touch%20x)'
const screen = { DISPLAY: ':0' }

test.each<[NodeJS.Platform, Record<string, string>, string[][]]>([
  ['darwin', {}, [['open', url]]],
  ['win32', { BROWSER: 'other' }, [['rundll32', 'url.dll,FileProtocolHandler', url]]],
  ['linux', screen, [['xdg-open', url]]],
  ['linux', { WAYLAND_DISPLAY: 'w' }, [['xdg-open', url]]],
  ['linux', {}, []],
  ['linux', { WSL_DISTRO_NAME: 'x' }, [['wslview', url]]],
  ['linux', { BROWSER: '/editor/helper.sh' }, [['/editor/helper.sh', url]]],
  ['linux', { ...screen, BROWSER: 'firefox' }, [['firefox', url]]],
  ['linux', { ...screen, BROWSER: 'none' }, []],
  ['darwin', { BROWSER: 'none' }, []],
  ['linux', { ...screen, BROWSER: 'sh -c evil' }, [['xdg-open', url]]],
  ['linux', { ...screen, BROWSER: 'a:b' }, [['xdg-open', url]]],
  ['linux', { ...screen, BROWSER: 'a%s' }, [['xdg-open', url]]],
  ['linux', { ...screen, BROWSER: '--version' }, [['xdg-open', url]]],
])('on %s with %j it starts %j', async (platform, environment, expected) => {
  const { started, start } = recorder()
  expect(await openBrowser(url, { platform, environment, start })).toBe(expected.length > 0)
  expect(started).toEqual(expected)
})

test.each(['file:///etc/passwd', 'javascript:alert(1)', '-a', '--help', 'calc.exe', 'smb://x', 'mailto:a@b', ''])(
  '"%s" is not opened',
  async text => {
    const { started, start } = recorder()
    expect(await openBrowser(text, { platform: 'darwin', environment: {}, start })).toBe(false)
    expect(started).toEqual([])
  },
)

test('the URL is handed over as the standard writes it', async () => {
  const { started, start } = recorder()
  await openBrowser('  HTTPS://as.example/a b"c<d>\n&calc  ', { platform: 'darwin', environment: {}, start })
  expect(started).toEqual([['open', 'https://as.example/a%20b%22c%3Cd%3E&calc']])
})

test('the next opener is tried when one is missing', async () => {
  const { started, start } = recorder(['xdg-open'])
  const environment = { WSL_DISTRO_NAME: 'x', BROWSER: 'gone' }
  expect(await openBrowser(url, { platform: 'linux', environment, start })).toBe(true)
  expect(started.map(([command]) => command)).toEqual(['gone', 'wslview', 'xdg-open'])
})

test('keys in the environment stay here', async () => {
  const { environments, start } = recorder()
  await openBrowser(url, { platform: 'darwin', environment: { INTERLOCK_KEY: 'hush', HOME: '/home' }, start })
  expect(environments).toEqual([{ HOME: '/home' }])
})

test.skipIf(process.platform === 'win32')(
  'a real program gets the URL as one argument, and no shell reads it',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'interlock-browser-'))
    const program = join(folder, 'browser')
    const out = join(folder, 'out')
    const script = `#!/usr/bin/env node\nrequire('fs').writeFileSync(${JSON.stringify(out)}, process.argv.slice(2).join('|'))\n`
    await writeFile(program, script, { mode: 0o700 })
    const text = 'https://as.example/?a=$(touch${IFS}x);`touch y`&b=|c'
    const changes = watch(folder, { signal: AbortSignal.timeout(20_000) })
    expect(await openBrowser(text, { platform: 'linux', environment: { ...process.env, BROWSER: program } })).toBe(true)
    for await (const { filename } of changes) {
      if (filename === 'out' && (await readFile(out, 'utf8')) !== '') break
    }
    expect(await readFile(out, 'utf8')).toBe(new URL(text).href)
    await rm(folder, { recursive: true })
  },
)

test('a program that is missing is no error', async () => {
  const environment = { BROWSER: '/nowhere/browser', PATH: '/nowhere' }
  expect(await openBrowser(url, { platform: 'linux', environment })).toBe(false)
})
