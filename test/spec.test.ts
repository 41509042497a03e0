import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'
import { type Compiled, Definitions } from '../packages/protocol/src/definitions/definitions.ts'
import { newest, revisions } from '../packages/protocol/src/revisions/index.ts'
import { renderCompiled } from '../tools/generate/checks.ts'
import { corrections } from '../tools/generate/corrections.ts'
import { loadPublished, loadSources, type Source } from '../tools/generate/load.ts'
import { notation } from '../tools/generate/notation.ts'
import { render } from '../tools/generate/render.ts'
import type { Schema, SchemaFile } from '../tools/generate/schema.ts'
import { ajvChecks } from '../tools/generate/testing/ajv.ts'
import { mutate } from '../tools/generate/testing/mutate.ts'
import { type Random, seeded } from '../tools/generate/testing/random.ts'
import { synthesise } from '../tools/generate/testing/synthesise.ts'

const folder = fileURLToPath(new URL('../../shared/spec', import.meta.url))
const sources = loadSources(folder)
const published = loadPublished(folder)

/** Values made for each definition, and changed copies of each value: a few thousand verdicts a revision. */
const samples = 6
const mutantsPerSample = 8

describe.skipIf(sources.length === 0)(
  `checks against the published schemas${sources.length === 0 ? ` (skipped: ../shared/spec is absent)` : ''}`,
  () => {
    test('every revision has its schema', () => {
      expect(sources.map(({ version }) => version).reverse()).toEqual(revisions.map(({ version }) => version))
    })

    test.each(sources)('$version: the committed files are what the schema gives', source => {
      for (const [name, content] of render(source, sources)) {
        const path = new URL(`../packages/protocol/src/revisions/${source.version}/${name}`, import.meta.url)
        expect(readFileSync(path, 'utf8') === content, `${name} is up to date`).toBe(true)
      }
    })

    test.each(corrections)('a published schema still needs this correction: $reason', correction => {
      const changed = uncorrected().filter(([name, schema]) => {
        return correction.applies(name, schema) && JSON.stringify(correction.correct(schema)) !== JSON.stringify(schema)
      })
      expect(changed.length).toBeGreaterThan(0)
    })

    test('every example of the newest revision passes', async () => {
      const source = find(sources, newest.version)
      const assembled = checksOf(source)
      const compiled = checksOf(source, await compiledOf(source))
      const ajv = ajvChecks(find(published, newest.version))
      const failing = examples().filter(({ definition, value }) =>
        [assembled, compiled, ajv].some(check => !check(definition, value)),
      )
      expect(failing.map(({ name }) => name)).toEqual([])
      expect(examples().length).toBeGreaterThan(100)
    })

    test.each(sources)('$version: random values get the verdict of an independent validator', async source => {
      const assembled = checksOf(source)
      const compiled = checksOf(source, await compiledOf(source))
      const ajv = ajvChecks(find(published, source.version))
      const random = seeded(2026)
      const disagreements: unknown[] = []
      let invalid = 0
      let total = 0
      for (const { definition, value, changed } of trials(source, random)) {
        const expected = ajv(definition, value)
        if (!changed && !expected) disagreements.push({ definition, value, ajv: 'refuses a value made to match' })
        if (assembled(definition, value) !== expected) disagreements.push({ definition, value, ajv: expected })
        if (compiled(definition, value) !== expected) disagreements.push({ definition, value, compiled: !expected })
        if (!changed) continue
        total += 1
        if (!expected) invalid += 1
      }
      expect(disagreements.slice(0, 5)).toEqual([])
      expect(total).toBeGreaterThan(3000)
      expect(invalid / total).toBeGreaterThan(0.3)
    })
  },
)

function* trials(source: Source, random: Random): Generator<{ definition: string; value: unknown; changed: boolean }> {
  const given = source.version === newest.version ? examples() : []
  const made = Object.keys(source.definitions).flatMap(definition =>
    Array.from({ length: samples }, () => ({ definition, value: synthesise(definition, source.definitions, random) })),
  )
  for (const { definition, value } of [...given, ...made]) {
    yield { definition, value, changed: false }
    for (let round = 0; round < mutantsPerSample; round += 1)
      yield { definition, value: mutate(value, random), changed: true }
  }
}

/** Checks of every definition, those included that no method reaches and that are therefore not committed. */
function checksOf({ definitions }: Source, compiled: Compiled = {}): (definition: string, value: unknown) => boolean {
  const lines = Object.entries(definitions).map(([name, schema]) => `\n${name}=${notation(schema)}`)
  const all = new Definitions([{ text: `${lines.join('')}\n`, compiled }], undefined)
  return (definition, value) => all.check(definition)(value)
}

/** All of them as code; what is committed is those that most calls need. */
async function compiledOf({ definitions }: Source): Promise<Compiled> {
  const guards = readFileSync(new URL('../packages/protocol/src/definitions/guards.ts', import.meta.url), 'utf8')
  const source = renderCompiled(definitions, { all: Object.keys(definitions) }).replace(/^import .*guards.ts'$/m, '')
  const { outputText } = ts.transpileModule(guards + source, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
  })
  const module: { readonly all: Compiled } = await import(
    /* @vite-ignore */ `data:text/javascript,${encodeURIComponent(outputText)}`
  )
  return module.all
}

function uncorrected(): [name: string, schema: Schema][] {
  return sources.flatMap(({ version }) => {
    const file: SchemaFile = JSON.parse(readFileSync(`${folder}/${version}/schema.json`, 'utf8'))
    return Object.entries(file.$defs ?? file.definitions ?? {})
  })
}

function examples(): { name: string; definition: string; value: unknown }[] {
  const root = `${folder}/${newest.version}/examples`
  if (!existsSync(root)) return []
  return readdirSync(root).flatMap(definition =>
    readdirSync(`${root}/${definition}`).map(file => {
      const name = `${definition}/${file}`
      return { name, definition, value: JSON.parse(readFileSync(`${root}/${name}`, 'utf8')) }
    }),
  )
}

function find(all: readonly Source[], version: string): Source {
  const source = all.find(one => one.version === version)
  if (!source) throw new Error(`there is no schema of ${version}`)
  return source
}
