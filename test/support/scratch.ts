import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A temporary folder, removed when it is disposed of. */
export interface Scratch extends AsyncDisposable {
  readonly path: string
  /** Writes a file in it and gives its path. */
  file(name: string, text: string): Promise<string>
  /** Writes a configuration of these servers and gives its path. */
  config(servers: Readonly<Record<string, object>>): Promise<string>
}

export async function scratch(): Promise<Scratch> {
  const path = await realpath(await mkdtemp(join(tmpdir(), 'interlock-test-')))
  const file = async (name: string, text: string): Promise<string> => {
    await writeFile(join(path, name), text)
    return join(path, name)
  }
  return {
    path,
    file,
    config: servers => file('servers.json', JSON.stringify({ mcpServers: servers }, null, 2)),
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true, maxRetries: 5 }),
  }
}
