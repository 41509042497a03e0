/** Says which imports go against the layers of ARCHITECTURE.md. Tests may import what they like. */
import { readFileSync } from 'node:fs'
import { isTest, root, sources } from '../sources.ts'
import { read } from './imports.ts'
import { offences } from './rules.ts'

const files = sources().filter(path => !isTest(path))
const lines = files.flatMap(path =>
  offences(path, read(path, readFileSync(root + path, 'utf8'))).map(({ line, rule }) => `${path}:${line} ${rule}`),
)
for (const line of lines) console.error(line)
console.log(`layers: ${files.length} files, ${lines.length} imports against the rules`)
process.exitCode = lines.length === 0 ? 0 : 1
