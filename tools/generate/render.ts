import { renderCompiledHalves, renderDefinitions } from './definitions.ts'
import type { Source } from './load.ts'
import { renderTypes } from './types.ts'

/**
 * The generated files of one revision, by file name.
 * @param all every revision, oldest first
 */
export function render(source: Source, all: readonly Source[]): ReadonlyMap<string, string> {
  const newer = all[all.indexOf(source) + 1]
  const header = `// Generated from ${source.version}/schema.json. Do not edit.\n`
  const files: [string, string][] = [
    ['types.gen.ts', renderTypes(source.definitions)],
    ['definitions.gen.ts', renderDefinitions(source, newer)],
    ['compiled.gen.ts', renderCompiledHalves(source, newer)],
  ]
  return new Map(files.map(([name, body]) => [name, `${header}${body}\n`]))
}
