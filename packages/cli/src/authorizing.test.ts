import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { login } from '@interlock/auth'
import { openStore, storeDirectory } from '@interlock/auth/node'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { asking } from '../../auth/src/testing/ask.ts'
import { presence } from '../../auth/src/testing/presence.ts'
import { startProtected } from '../../auth/src/testing/protected-site.ts'
import { startProvider } from '../../auth/src/testing/provider.ts'
import { authorizing } from './authorizing.ts'

let folder = ''

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'interlock-authorizing-'))
})

afterEach(async () => {
  vi.useRealTimers()
  await rm(folder, { recursive: true })
})

test('a connection keeps its login while the file that holds it cannot be read', async () => {
  await using provider = await startProvider()
  await using site = await startProtected(provider.issuer)
  const env = { XDG_STATE_HOME: join(folder, 'state'), XDG_CONFIG_HOME: join(folder, 'config') }
  const store = await openStore({ environment: env })
  await login(site.url, { store, presence: presence(url => provider.agree(url)) })

  const { stdin, stdout, stderr } = process
  const io = { stdin, stdout, stderr, cwd: folder, env, signal: new AbortController().signal }
  const spec = { name: 'notes', disabled: false, kind: 'http', url: site.url, headers: {} } as const
  const authorize = authorizing(io)(spec)
  if (authorize === undefined) throw new Error('a server on HTTP is authorized')
  const ask = asking(authorize, site.url)
  expect(await ask()).toMatchObject({ status: 200 })

  for (const path of await filesIn(storeDirectory(env))) {
    await rename(path, `${path}.away`)
    await mkdir(path) // whoever reads it now gets an error of the system, root too
  }
  for (const laterMs of [2_100, 4_200]) {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + laterMs })
    expect(await ask()).toMatchObject({ status: 200 })
    vi.useRealTimers()
  }
})

const filesIn = async (directory: string): Promise<string[]> => {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  return entries
    .filter(entry => entry.isFile() && entry.name.endsWith('.jwe'))
    .map(entry => join(entry.parentPath, entry.name))
}
