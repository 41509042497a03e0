import { mkdir, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ConfigError, describe, findConfig, loadConfig, type ServerSpec } from '@interlock/gateway'
import { CommandError } from './exit.ts'
import { type Io, tell } from './io.ts'

/** Servers to work with, and where they came from. */
export interface Configured {
  readonly servers: readonly ServerSpec[]
  /** The file; undefined where there was none and the built-in server stands in. */
  readonly file: string | undefined
  /** Servers of the file that were left out, each with its mistakes. */
  readonly faulty: ReadonlyMap<string, readonly string[]>
}

/**
 * Reads the configuration: the file named, or the nearest `.mcp.json`, or else our own filesystem server on a scratch
 * folder. Mistakes in single servers are told on stderr; the others are used.
 * @throws CommandError when the file as a whole cannot be used
 */
export async function configured(io: Io, named: string | undefined): Promise<Configured> {
  const file = named === undefined ? await findConfig(io.cwd) : resolve(io.cwd, named)
  refuseNesting(io, file)
  if (file === undefined) {
    tell(io, `note: no .mcp.json here or above; using the built-in filesystem server on ${scratchFolder()}`)
    return { servers: [await scratchServer()], file, faulty: new Map() }
  }
  try {
    const config = await loadConfig(file, { env: io.env })
    for (const notice of config.notices) tell(io, `note: ${notice}`)
    const faulty = new Map<string, string[]>()
    for (const problem of config.problems) {
      tell(io, `error: ${describe(problem)}`)
      const { server = '' } = problem
      faulty.set(server, [...(faulty.get(server) ?? []), describe(problem)])
    }
    return { servers: config.servers, file, faulty }
  } catch (error) {
    if (error instanceof ConfigError) throw new CommandError(describe(error))
    throw error
  }
}

/** Gateways in gateways that may be meant. One that starts itself would go on for ever. */
const nestedGateways = 2

/** Every process that started us in a chain of gateways has left its mark in this variable. */
function refuseNesting({ env }: Io, file: string | undefined): void {
  const depth = env['INTERLOCK_TREE']?.split(':').length ?? 0
  if (depth <= nestedGateways) return
  throw new CommandError(
    `this gateway was started by itself, ${depth} times over: a server in ${file ?? 'its configuration'} starts it again; ` +
      'remove that server',
  )
}

/** Files in here can be read and written by whoever uses the gateway without a configuration. */
const scratchFolder = (): string => join(homedir(), '.interlock', 'scratch')

async function scratchServer(): Promise<ServerSpec> {
  const folder = scratchFolder()
  await mkdir(folder, { recursive: true })
  const welcome =
    'This is the scratch folder of Interlock. An AI client that is connected to the gateway can work here.\n'
  await writeFile(join(folder, 'README.txt'), welcome, { flag: 'wx' }).catch(() => {}) // it is there already
  const script = fileURLToPath(import.meta.resolve('@interlock/filesystem/bin'))
  return {
    name: 'filesystem',
    disabled: false,
    kind: 'stdio',
    command: process.execPath,
    args: [script, folder],
    env: {},
  }
}
