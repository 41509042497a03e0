/** Prints what ARCHITECTURE.md says about the shape of our source, as it is today. It describes and never fails. */
import { readFileSync } from 'node:fs'
import { read } from '../layers/imports.ts'
import { isGenerated, isTest, root, sources } from '../sources.ts'
import { type FunctionShape, measure } from './measure.ts'

const files = sources().map(path => {
  const text = readFileSync(root + path, 'utf8')
  return { path, text, ...measure(path, text) }
})
const tests = files.filter(file => isTest(file.path))
const own = files.filter(file => !isTest(file.path) && !isGenerated(file.path))
const functions = own.flatMap(file => file.functions.map(shape => ({ path: file.path, ...shape })))
const lines = sum(own.map(file => file.lines))
const perThousand = (count: number): string => ((count / lines) * 1000).toFixed(1)

const largestFile = most(own, file => file.lines)
const largestTest = most(tests, file => file.lines)
const longest = most(functions, shape => shape.lines)
const knottiest = most(functions, shape => shape.complexity)
const dates = own
  .filter(file => !file.path.includes('/revisions/'))
  .map(file => read(file.path, file.text).dates.length)
const name = (shape: (FunctionShape & { path: string }) | undefined): string => `${shape?.name} in ${shape?.path}`

const figures: readonly (readonly [fact: string, value: string | number, where: string])[] = [
  ['files, without tests and generated ones', own.length, `${lines} lines`],
  ['largest file, lines', largestFile?.lines ?? 0, largestFile?.path ?? ''],
  [
    'file p90, lines',
    percentile(
      own.map(file => file.lines),
      0.9,
    ),
    '',
  ],
  ['files over 500 lines', own.filter(file => file.lines > 500).length, ''],
  ['largest function, lines', longest?.lines ?? 0, name(longest)],
  ['largest function, complexity', knottiest?.complexity ?? 0, name(knottiest)],
  ['functions over complexity 15', functions.filter(shape => shape.complexity > 15).length, ''],
  ['any per 1000 lines', perThousand(sum(own.map(file => file.any))), ''],
  ['casts per 1000 lines', perThousand(sum(own.map(file => file.casts))), ''],
  ['comments, share of filled lines', share(), ''],
  ['dates outside revisions/', sum(dates), ''],
  ['largest test file, lines', largestTest?.lines ?? 0, largestTest?.path ?? ''],
]
for (const [fact, value, where] of figures) {
  console.log(`${fact.padEnd(42)}${String(value).padStart(6)}  ${where}`.trimEnd())
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

function most<T>(items: readonly T[], size: (item: T) => number): T | undefined {
  return items.reduce<T | undefined>(
    (best, item) => (best === undefined || size(item) > size(best) ? item : best),
    undefined,
  )
}

function percentile(values: readonly number[], part: number): number {
  return values.toSorted((a, b) => a - b)[Math.ceil(values.length * part) - 1] ?? 0
}

function share(): string {
  const comments = sum(own.map(file => file.commentLines))
  return `${Math.round((100 * comments) / sum(own.map(file => file.filledLines)))} %`
}
