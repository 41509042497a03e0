import type { Check } from '../apply.ts'
import type { SchemaDocument } from '../document.ts'
import type { Run } from '../run.ts'
import { arrays } from './arrays.ts'
import { combinations } from './combinations.ts'
import type { Keyword, Place } from './keyword.ts'
import { objects } from './objects.ts'
import { reference, references } from './references.ts'
import { scalars } from './scalars.ts'
import { unevaluated } from './unevaluated.ts'

/** Those about what the others left over come last. */
const inOrder: readonly ReadonlyMap<string, Keyword>[] = [
  new Map([...references, ...scalars, ...arrays, ...objects, ...combinations]),
  unevaluated,
]

/** The checks of one schema. What is no keyword is a note to the reader. */
export function checksOf(schema: Record<string, unknown>, document: SchemaDocument, run: Run): readonly Check[] {
  const place: Place = { schema, document, run }
  const { $ref } = schema
  // In this dialect the neighbours of a reference are ignored.
  if (document.dialect === 7 && $ref !== undefined) return [reference($ref)]
  const names = Object.keys(schema)
  run.spend(names.length)
  const checks = inOrder.flatMap(keywords => names.map(name => keywords.get(name)?.(schema[name], place)))
  return checks.filter(check => check !== undefined)
}
