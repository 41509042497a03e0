import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { read } from '../../bench/figures.ts'
import { bridgeDocument } from '../bridge/document.ts'
import { withFigures } from '../performance/document.ts'
import { conformanceDocument } from '../requirements/document.ts'
import { pages } from '../requirements/pages/index.ts'
import { loadSources, type Source } from './load.ts'
import { render } from './render.ts'

const project = fileURLToPath(new URL('../..', import.meta.url))
const revisions = join(project, 'packages/protocol/src/revisions')

const options = process.argv.slice(2)
const checking = options.includes('--check')
const folder = options.find(option => !option.startsWith('--')) ?? join(project, '../shared/spec')

const sources = loadSources(folder)
if (sources.length === 0) {
  console.log(
    `no schema.json under ${folder}: ${checking ? 'what is generated from schemas was not compared' : 'name the folder that holds <revision>/schema.json'}`,
  )
  process.exitCode = checking ? 0 : 1
}
const files = [...documents(), ...outputs(sources)]
if (checking) check(files)
else write(files)

type File = readonly [path: string, content: string]

/** Pages that are made of tables, whatever schemas are at hand. */
function documents(): File[] {
  const performance = join(project, 'docs/performance.md')
  const figures = read(join(project, 'bench/figures.json'))
  return [
    [join(project, 'docs/conformance.md'), conformanceDocument(pages)],
    [join(project, 'docs/bridge.md'), bridgeDocument()],
    [performance, withFigures(readFileSync(performance, 'utf8'), figures)],
  ]
}

function* outputs(all: readonly Source[]): Generator<File> {
  for (const source of all)
    for (const [name, content] of render(source, all)) yield [join(revisions, source.version, name), content]
}

function write(all: readonly File[]): void {
  for (const [path, content] of all) {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, content)
  }
  console.log(`wrote ${all.length} files, of ${sources.length} revisions and for docs`)
}

function check(all: readonly File[]): void {
  const stale = all.filter(([path, content]) => !existsSync(path) || readFileSync(path, 'utf8') !== content)
  for (const [path] of stale)
    console.error(`${relative(project, path)} differs from what generates it; run "npm run generate"`)
  if (stale.length > 0) process.exitCode = 1
  else console.log(`${all.length} generated files, of ${sources.length} revisions and for docs, are up to date`)
}
