import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'
import { startProvider, type TestProvider } from '../packages/auth/src/testing/provider.ts'

/** The guide to authorization: its commands are run as they stand, and what it quotes is said. */

const root = fileURLToPath(new URL('..', import.meta.url))
const page = readFileSync(join(root, 'docs/authorization.md'), 'utf8')

type Child = ChildProcessByStdio<null, Readable, Readable>
const cleanup: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const clean of cleanup.splice(0).toReversed()) await clean()
})

/** A port that was free a moment ago: the guide names one. */
async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // it listens on a port
  await new Promise(resolve => server.close(resolve))
  return port
}

/** Where packages are found and nothing looks for sources. */
function folder(): string {
  const cache = join(root, 'node_modules/.cache')
  mkdirSync(cache, { recursive: true })
  const path = mkdtempSync(join(cache, 'guide-'))
  cleanup.push(() => rmSync(path, { recursive: true, force: true }))
  return path
}

function run(command: string, cwd: string): Child {
  const env = {
    ...process.env,
    BROWSER: 'none',
    DISPLAY: '',
    WAYLAND_DISPLAY: '',
    XDG_STATE_HOME: join(cwd, 'state'),
    INTERLOCK_KEY: 'q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=',
  }
  const child = spawn('bash', ['-c', command], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  cleanup.push(() => stop(child))
  return child
}

/** The command and all that it started. */
async function stop(child: Child): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
  const ended = once(child, 'exit')
  process.kill(-child.pid, 'SIGTERM')
  await ended
}

/** Waits until a server says that it listens. */
async function serving(child: Child): Promise<void> {
  let said = ''
  for await (const line of createInterface({ input: child.stderr })) {
    said += `${line}\n`
    if (!line.startsWith('listening on ')) continue
    child.stderr.resume()
    return
  }
  throw new Error(`it does not serve: ${said}`)
}

/** Opens each page that the command prints, and agrees. */
async function browse(child: Child, provider: TestProvider): Promise<number> {
  let visits = 0
  for await (const line of createInterface({ input: child.stderr })) {
    const url = /^ {2}(http:\S+)$/.exec(line)?.[1]
    if (url === undefined) continue
    visits += 1
    await fetch(await provider.agree(url))
  }
  return visits
}

test('the commands of the five minutes do what the guide says', { timeout: 120_000 }, async () => {
  await using provider = await startProvider({ scopes: ['notes:read', 'notes:write'] })
  const cwd = folder()
  const port = String(await freePort())
  const section = /^## Protect a server in five minutes\n([^]*?)^## /m.exec(page)?.[1] ?? ''
  const real = section.replaceAll('3000', port).replaceAll('https://login.example.com', provider.issuer)
  const blocks = [...real.matchAll(/^```(\w+)\n([^]*?)^```$/gm)].map(([, kind = '', body = '']) => ({ kind, body }))

  let server: Child | undefined
  let printed: string | undefined
  let visits = 0
  const compared: string[] = []
  for (const { kind, body } of blocks) {
    const name = /^\/\/ (\S+\.mts)$/m.exec(body)?.[1]
    if (kind === 'ts') writeFileSync(join(cwd, name ?? 'unnamed.mts'), body)
    if (kind === 'text') {
      expect(printed).toBe(body)
      compared.push(body)
    }
    if (kind !== 'sh') continue
    const isServer = body.includes('--http')
    if (isServer && server !== undefined) await stop(server)
    const child = run(body, cwd)
    if (isServer) {
      server = child
      await serving(child)
      continue
    }
    const [output, seen] = await Promise.all([text(child.stdout), browse(child, provider)])
    printed = output
    visits += seen
  }
  expect(compared).toHaveLength(3)
  expect(visits).toBe(2)
})

test('the messages that the guide explains are those of the code', () => {
  const sources = ['auth', 'transport'].flatMap(name => sourcesIn(join(root, 'packages', name, 'src'))).join('\n')
  const tables = page.slice(page.indexOf('## When it fails'))
  const messages = [...tables.matchAll(/^\| `([^`]+)`/gm)].map(([, message = '']) => message)
  expect(messages.length).toBeGreaterThan(15)
  const unknown = messages.filter(message => message.split(/…/).some(part => !sources.includes(part.trim())))
  expect(unknown).toEqual([])
})

function sourcesIn(path: string): string[] {
  return readdirSync(path, { withFileTypes: true, recursive: true })
    .filter(entry => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.test.ts'))
    .map(entry => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
}
