import { spawnSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { pinLoad, twoCores } from './cpu.ts'
import { type Measured, measure } from './measure.ts'
import { type Row, rows, table } from './report.ts'
import { kinds, scenarios } from './scenarios.ts'

const usageText = `npm run bench [-- word… [--only text] [--rounds N] [--ms N] [--warm-ms N] [--json file] [--profile folder]]

  word        only these scenarios: ${kinds.map(kind => kind.join(' ')).join(', ')}
  --only      only contestants whose name contains this, and the baseline
  --rounds    windows of each contestant, in turns; up to three times as many on a busy machine (12)
  --ms        length of a window (250)
  --warm-ms   longest warm-up of a contestant (12000)
  --json      write all figures to this file
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
  const chosen = scenarios(positionals, values.only)
  if (values.help || chosen.length === 0) return console.log(usageText)
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
    flags: values.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${values.profile}`],
  }
  console.log(
    `Node ${process.version}, ${process.platform} ${process.arch}, ${cpus()[0]?.model ?? 'unknown processor'}`,
  )
  const results: { scenario: string; rows: readonly Row[]; measured: readonly Measured[] }[] = []
  for (const scenario of chosen) {
    const measured = await measure(scenario, options)
    const found = rows(measured)
    console.log(`\n### ${scenario.title}\n\n${table(found)}`)
    results.push({ scenario: scenario.name, rows: found, measured })
  }
  if (values.json !== undefined) {
    const { rounds, ms } = options
    writeFileSync(values.json, `${JSON.stringify({ node: process.version, rounds, ms, results }, undefined, 2)}\n`)
  }
  reportWrong(results.flatMap(result => result.rows))
}

/** Builds nothing of ours, so that what is measured is what the reader believes to be measured. */
function prepare(): void {
  for (const name of ['server', 'json-schema']) {
    if (has(`../../packages/${name}/dist/index.js`)) continue
    console.error(`packages/${name} is not built; run "npx tsc -b packages/server packages/json-schema" first`)
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

/** Figures of a contestant that answers wrongly are worth nothing: the run has failed. */
function reportWrong(found: readonly Row[]): void {
  for (const { contestant, wrong, calls, firstWrong } of found) {
    if (wrong === 0) continue
    console.error(`\n${contestant} answered ${wrong} of ${calls} calls wrongly, first with:\n${firstWrong}`)
    process.exitCode = 1
  }
}
