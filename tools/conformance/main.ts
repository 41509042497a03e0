/**
 * Runs the official conformance tool against our fixture server and client (test/conformance), every scenario at every
 * version it has, and prints a table.
 *
 *   npm run conformance [-- --only <regular expression>] [--json <file>]
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Leg, legsOf, readList } from './listing.ts'
import { nodeForTool } from './node.ts'
import { run, type Served, serve } from './processes.ts'
import { count, type Result, tableOf } from './table.ts'
import { type Check, judge } from './verdict.ts'

/** Longest run of one scenario; the slowest take some ten seconds on a busy machine. */
const scenarioMs = 180_000
/** Longest life of our client in one scenario. */
const clientMs = 60_000
/** A fixture that is not up by then does not come up. */
const startMs = 60_000

const root = join(import.meta.dirname, '..', '..')
const tool = join(root, 'node_modules', '@modelcontextprotocol', 'conformance', 'dist', 'index.js')
const tsx = join(root, 'node_modules', 'tsx', 'dist', 'cli.mjs')
const fixture = (name: string): string => join(root, 'test', 'conformance', name)

const { values } = parseArgs({ options: { only: { type: 'string' }, json: { type: 'string' } } })
const only = new RegExp(values.only ?? '')
const node = await nodeForTool(root)
const folder = mkdtempSync(join(tmpdir(), 'interlock-conformance-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

const server = await listed('server')
const client = await listed('client')
const legs = [...legsOf('server', server), ...legsOf('client', client)]
const isAsked = (name: string): boolean => only.test(name)
if (!legs.some(({ scenarios }) => scenarios.some(isAsked))) {
  console.error(`no scenario has a name that matches ${only}; see docs/conformance-tool.md for "--only"`)
  process.exit(1)
}
const results: Result[] = []
for (const leg of legs) results.push(...(await runLeg(leg, leg.scenarios.filter(isAsked))))

console.log(tableOf(results))
if (values.json !== undefined) {
  const plain = results.map(({ leg, ...result }) => ({ leg: leg.name, ...result }))
  writeFileSync(values.json, `${JSON.stringify(plain, null, 2)}\n`)
}
console.log(`\n${count(results, 'passed')} passed, ${count(results, 'failed')} failed`)
process.exitCode = count(results, 'failed') > 0 ? 1 : 0

async function listed(side: Leg['side']): Promise<ReturnType<typeof readList>> {
  const { stdout, stderr } = await run(node, [tool, 'list', `--${side}`], startMs)
  const list = readList(stdout)
  if (list.length === 0) throw new Error(`the conformance tool lists no ${side} scenarios; is it installed? ${stderr}`)
  return list
}

async function runLeg(leg: Leg, names: readonly string[]): Promise<Result[]> {
  if (names.length === 0) return []
  process.stderr.write(`${leg.name} `)
  await using served =
    leg.side === 'server' ? await serve(process.execPath, [tsx, fixture('server.ts')], startMs) : undefined
  const queue = [...names]
  const done: Result[] = []
  // A server has one list of sessions and changes for all; clients know nothing of each other.
  const workers = leg.side === 'server' ? 1 : availableParallelism()
  await Promise.all(
    Array.from({ length: workers }, async () => {
      for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
        const result = await runScenario(leg, name, served)
        process.stderr.write({ passed: '.', failed: 'F', skipped: 's' }[result.outcome])
        done.push(result)
      }
    }),
  )
  process.stderr.write('\n')
  return done.toSorted((a, b) => names.indexOf(a.scenario) - names.indexOf(b.scenario))
}

async function runScenario(leg: Leg, scenario: string, served: Served | undefined): Promise<Result> {
  const own = mkdtempSync(join(folder, 'run-'))
  const target =
    served === undefined
      ? ['client', '--command', `"${process.execPath}" "${tsx}" "${fixture('client.ts')}"`, '--timeout', `${clientMs}`]
      : ['server', '--url', served.url]
  const which = ['--scenario', scenario, '--spec-version', leg.version, ...(leg.isExtension ? ['--force'] : [])]
  const env = { ...process.env, NO_COLOR: '1' }
  const { exitCode, stderr } = await run(node, [tool, ...target, ...which, '-o', own], scenarioMs, { env })
  return { leg, scenario, ...judge(scenario, { exitCode, checks: checksIn(own), stderr }) }
}

function checksIn(own: string): readonly Check[] | undefined {
  const file = readdirSync(own, { recursive: true, encoding: 'utf8' }).find(name => name.endsWith('checks.json'))
  return file === undefined ? undefined : (JSON.parse(readFileSync(join(own, file), 'utf8')) as Check[])
}
