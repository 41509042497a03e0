import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { packedFolder } from '../../tools/pack/all.ts'
import { type Cores, pinned } from '../machine/cpu.ts'

/** A command line, and what it says when it has done what is measured; undefined: that it ends. */
export interface Command {
  readonly name: string
  readonly args: readonly string[]
  readonly says?: RegExp
}

const interlock = join(packedFolder, 'node_modules/@interlock/cli/bin/interlock.js')

/** Runs `use` with the commands that are measured; their configuration names no servers. */
export async function withCommands<T>(use: (commands: readonly Command[]) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'interlock-bench-'))
  try {
    const config = join(folder, 'mcp.json')
    writeFileSync(config, '{"mcpServers":{}}')
    return await use([
      { name: 'node -e 0', args: ['-e', '0'] },
      { name: 'interlock --version', args: [interlock, '--version'] },
      { name: 'interlock --help', args: [interlock, '--help'] },
      { name: 'interlock up', args: [interlock, 'up', '--port', '0', '--config', config], says: /http:\/\// },
    ])
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Milliseconds until a command has said it, or ended. @throws {Error} when it fails */
export async function timeCommand({ name, args, says }: Command, cores: Cores | undefined): Promise<number> {
  const [command = '', ...words] = pinned(cores, [process.execPath, ...args])
  const started = performance.now()
  const child = spawn(command, words, { stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = once(child, 'exit').then(([status]) => status)
  let said = ''
  const heard = new Promise<void>(resolve => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        said += text
        if (says?.test(said)) resolve()
      })
    }
  })
  const status = await Promise.race([says === undefined ? ended : heard.then(() => 0), ended.then(code => code ?? 1)])
  const ms = performance.now() - started
  child.kill('SIGKILL')
  await ended
  if (status !== 0) throw new Error(`${name} ended with ${status}: ${said.slice(0, 300)}`)
  return ms
}
