import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type Figures, keep, read } from './figures.ts'
import { describeMachine, pinLoad, twoCores } from './machine/cpu.ts'
import { choose, sections } from './sections.ts'
import { markdown } from './table.ts'

const usageText = `npm run bench [-- word… [--only text] [--rounds N] [--ms N] [--warm-ms N] [--json file] [--profile folder]]

Words choose what is measured: sections by their names, and parts of them.

${sections.map(({ name, about, words }) => `  ${name.padEnd(11)} ${about}${words.map(kind => `\n${' '.repeat(14)}${kind.join(' ')}`).join('')}`).join('\n')}

  --only      only contestants whose name contains this, and the baseline
  --rounds    windows of each contestant, in turns; up to three times as many on a busy machine (12)
  --ms        length of a window (250)
  --warm-ms   longest warm-up of a contestant (12000)
  --json      put all figures into this file; what it holds of other tables stays
  --profile   write a CPU profile of each contestant that ends in order to this folder`

const folder = new URL('contestants/', import.meta.url)
const has = (path: string): boolean => existsSync(fileURLToPath(new URL(path, folder)))

await main()

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      only: { type: 'string', default: '' },
      rounds: { type: 'string', default: '12' },
      ms: { type: 'string', default: '250' },
      'warm-ms': { type: 'string', default: '12000' },
      json: { type: 'string' },
      profile: { type: 'string' },
      help: { type: 'boolean' },
    },
  })
  const chosen = choose(positionals)
  if (values.help || chosen.length === 0) {
    if (!values.help) process.exitCode = 1
    return console.log(usageText)
  }
  prepare()
  const cores = twoCores()
  if (cores === undefined) console.error('not pinned to cores: there are not two, or no taskset; figures are noisier')
  else pinLoad(cores)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))
  const options = {
    cores,
    rounds: whole('--rounds', values.rounds),
    ms: whole('--ms', values.ms),
    warmMs: whole('--warm-ms', values['warm-ms']),
    only: values.only,
    flags: values.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${values.profile}`],
  }
  const machine = describeMachine()
  console.log(machine)
  let figures: Figures = values.json === undefined ? { tables: [] } : read(values.json)
  for (const { section, words } of chosen) {
    for await (const table of section.run(words, options)) {
      console.log(`\n### ${table.title}\n\n${markdown(table)}`)
      if (values.json !== undefined) figures = keep(values.json, figures, { ...table, machine })
      if (table.wrong === undefined) continue
      console.error(`\n${table.wrong}`)
      process.exitCode = 1
    }
  }
}

/** Builds nothing of ours, so that what is measured is what the reader believes to be measured. */
function prepare(): void {
  for (const name of ['server', 'client', 'json-schema', 'auth']) {
    if (has(`../../packages/${name}/dist/index.js`)) continue
    console.error(`packages/${name} is not built; run "npm run build" first`)
    process.exit(1)
  }
  if (has('node_modules/.package-lock.json')) return
  console.error('installing the other contestants in bench/contestants (npm ci), once')
  const cwd = fileURLToPath(folder)
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], {
    cwd,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
  if (status !== 0) process.exit(1)
}

function whole(option: string, value: string): number {
  const number = Number(value)
  if (Number.isInteger(number) && number > 0) return number
  console.error(`${option} must be a whole number above 0, not "${value}"`)
  process.exit(1)
}
