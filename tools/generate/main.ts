import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
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
    `no schema.json under ${folder}: ${checking ? 'the generated files were not compared' : 'name the folder that holds <revision>/schema.json'}`,
  )
  process.exitCode = checking ? 0 : 1
} else if (checking) check(sources)
else write(sources)

function* outputs(all: readonly Source[]): Generator<[path: string, content: string]> {
  for (const source of all)
    for (const [name, content] of render(source)) yield [join(revisions, source.version, name), content]
}

function write(all: readonly Source[]): void {
  for (const [path, content] of outputs(all)) {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, content)
  }
  console.log(`wrote ${all.length} revisions under ${relative(project, revisions)}`)
}

function check(all: readonly Source[]): void {
  const stale = [...outputs(all)].filter(
    ([path, content]) => !existsSync(path) || readFileSync(path, 'utf8') !== content,
  )
  for (const [path] of stale)
    console.error(`${relative(project, path)} differs from what the schema gives; run "npm run generate"`)
  if (stale.length > 0) process.exitCode = 1
  else console.log(`the generated files of ${all.length} revisions are up to date`)
}
