import { renderChecks } from './checks.ts'
import type { Source } from './load.ts'
import { renderMethods, roots } from './methods.ts'
import { renderShapes } from './shapes.ts'
import { renderTypes } from './types.ts'

/** The generated files of one revision, by file name. */
export function render(source: Source): ReadonlyMap<string, string> {
  const header = `// Generated from ${source.version}/schema.json. Do not edit.\n`
  const files: [string, string][] = [
    ['types.gen.ts', renderTypes(source.definitions)],
    ['validate.gen.ts', renderChecks(source.definitions, roots(source))],
    ['methods.gen.ts', renderMethods(source)],
    ['shapes.gen.ts', renderShapes(source.definitions, roots(source))],
  ]
  return new Map(files.map(([name, body]) => [name, `${header}${body}\n`]))
}
