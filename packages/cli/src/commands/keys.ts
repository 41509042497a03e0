import { resolve } from 'node:path'
import { createToken, hashToken } from '@interlock/auth'
import { Command, InvalidArgumentError } from 'commander'
import { CommandError, exit } from '../exit.ts'
import { type Io, print, printJson, tell } from '../io.ts'
import { changeKeys, type KeptKey, readKeys } from '../keys-file.ts'
import type { CommandFactory } from './index.ts'

interface AddOptions {
  readonly file: string
  readonly scope?: readonly string[]
  readonly days?: number
}

interface ListOptions {
  readonly file: string
  readonly json?: true
}

export const keys: CommandFactory = (io, done) => {
  const command = new Command('keys').description('Hand out and withdraw keys for "interlock up --api-keys <file>".')
  command
    .command('add')
    .description('Make a key and print it, this once: the file keeps its hash only.')
    .argument('<name>', 'whose it is: a person, a program')
    .requiredOption('--file <file>', 'file of keys; made when there is none')
    .option('--scope <scope...>', 'scopes that it has')
    .option('--days <number>', 'days that it is good for (default: until it is removed)', readDays)
    .action(async (name: string, options: AddOptions) => done(await add(io, name, options)))
  command
    .command('list')
    .description('List whose keys there are.')
    .requiredOption('--file <file>', 'file of keys')
    .option('--json', 'print JSON')
    .action(async (options: ListOptions) => done(await list(io, options)))
  command
    .command('remove')
    .description('Withdraw a key. A gateway that runs refuses it within a second.')
    .argument('<name>', 'whose it is')
    .requiredOption('--file <file>', 'file of keys')
    .action(async (name: string, options: ListOptions) => done(await remove(io, name, options)))
  return command
}

async function add(io: Io, name: string, { file, scope, days }: AddOptions): Promise<number> {
  if (!/^[\w.@+-]{1,64}$/.test(name)) {
    throw new CommandError(`"${name}" is no name for a key; use up to 64 letters, digits and . _ @ + -`)
  }
  const path = resolve(io.cwd, file)
  const token = createToken('interlock')
  const now = Date.now()
  const key: KeptKey = {
    name,
    hash: await hashToken(token),
    ...(scope === undefined ? {} : { scopes: scope }),
    created: new Date(now).toISOString(),
    ...(days === undefined ? {} : { expires: new Date(now + days * 86_400_000).toISOString() }),
  }
  await changeKeys(path, known => {
    if (!known.some(other => other.name === name)) return [...known, key]
    throw new CommandError(`there is a key "${name}" already; choose another name, or remove that one first`)
  })
  print(io, token)
  tell(io, `This is the key of "${name}". It is shown this once: keep it where secrets are kept.`)
  tell(io, 'Clients send it as a header: Authorization: Bearer <key>')
  return exit.ok
}

async function list(io: Io, { file, json }: ListOptions): Promise<number> {
  const known = await readKeys(resolve(io.cwd, file))
  if (json)
    printJson(
      io,
      known.map(({ hash: _hash, ...rest }) => rest),
    )
  else if (known.length === 0) tell(io, `there are no keys in ${file}`)
  const width = Math.max(0, ...known.map(({ name }) => name.length))
  for (const { name, scopes = [], created, expires } of json ? [] : known) {
    const over = expires !== undefined && Date.parse(expires) <= Date.now()
    const end = expires === undefined ? '' : `, ${over ? 'expired' : 'until'} ${expires.slice(0, 10)}`
    print(
      io,
      `${name.padEnd(width)}  since ${created.slice(0, 10)}${end}${scopes.length === 0 ? '' : `  ${scopes.join(' ')}`}`,
    )
  }
  return exit.ok
}

async function remove(io: Io, name: string, { file }: ListOptions): Promise<number> {
  const path = resolve(io.cwd, file)
  await readKeys(path) // only a file that is there is changed
  await changeKeys(path, known => {
    const kept = known.filter(key => key.name !== name)
    if (kept.length < known.length) return kept
    throw new CommandError(`there is no key "${name}"; there are: ${known.map(key => key.name).join(', ') || 'none'}`)
  })
  print(io, `removed the key "${name}"`)
  return exit.ok
}

function readDays(text: string): number {
  const days = Number(text)
  if (/^\d+$/.test(text) && days >= 1 && days <= 3650) return days
  throw new InvalidArgumentError('A number of days from 1 to 3650 is expected.')
}
