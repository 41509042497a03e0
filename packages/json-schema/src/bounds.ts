/** Limits on a schema, which may come from a server nobody here wrote. */
export const limits: { readonly schemaDepth: number; readonly subschemas: number } = {
  /** Objects and arrays inside one another. Compiling and checking recurse; hand-written schemas stay under twenty. */
  schemaDepth: 64,
  /** Objects in the document. Bounds the code that is generated; the largest published tools have some hundreds. */
  subschemas: 5_000,
}

const typeNames = new Set(['string', 'number', 'integer', 'boolean', 'null', 'array', 'object'])
const referenceKeywords = ['$ref', '$dynamicRef', '$recursiveRef']

/** Members whose value is data and is never read as a schema. */
const dataKeywords = new Set(['const', 'enum', 'default', 'examples', 'example'])

/** Members whose value is a table of schemas under names the author chose, so a member called `$ref` is no keyword. */
const tableKeywords = new Set(['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas'])

interface Visit {
  readonly node: unknown
  readonly depth: number
  readonly reads: 'schema' | 'table' | 'data'
}

/**
 * Throws `TypeError` for a schema that is too deep or too large, is not JSON, names a type that does not exist, or
 * refers to something outside itself. Nothing is ever fetched. Does not recurse, so any input is safe to give.
 */
export function checkBounds(schema: object): void {
  const ids = new Set<string>()
  const references: string[] = []
  const pending: Visit[] = [{ node: schema, depth: 1, reads: 'schema' }]
  let objects = 0
  for (let visit = pending.pop(); visit !== undefined; visit = pending.pop()) {
    const { node, depth, reads } = visit
    if (typeof node !== 'object' || node === null) {
      checkScalar(node)
      continue
    }
    if (depth > limits.schemaDepth) {
      throw new TypeError(`the schema is nested more than ${limits.schemaDepth} levels deep; flatten it or use "$defs"`)
    }
    if (++objects > limits.subschemas) {
      throw new TypeError(
        `the schema has more than ${limits.subschemas} subschemas; split the tool or loosen the schema`,
      )
    }
    if (reads === 'schema' && !Array.isArray(node)) readKeywords(node, ids, references)
    for (const [key, child] of Object.entries(node)) {
      pending.push({ node: child, depth: depth + 1, reads: readsAs(reads, key) })
    }
  }
  for (const reference of references) checkReference(schema, reference, ids)
}

function readsAs(parent: Visit['reads'], key: string): Visit['reads'] {
  if (parent === 'data') return 'data'
  if (parent === 'table') return 'schema'
  if (dataKeywords.has(key)) return 'data'
  return tableKeywords.has(key) ? 'table' : 'schema'
}

function checkScalar(value: unknown): void {
  const plain = value === null || value === undefined || ['string', 'boolean'].includes(typeof value)
  if (!plain && !Number.isFinite(value)) throw new TypeError(`the schema holds a ${typeof value}, which is not JSON`)
}

function readKeywords(node: object, ids: Set<string>, references: string[]): void {
  const members = new Map<string, unknown>(Object.entries(node))
  for (const name of [members.get('type')].flat()) {
    if (name !== undefined && !(typeof name === 'string' && typeNames.has(name))) {
      throw new TypeError(`the schema has type ${quoted(name)}; a type is one of ${[...typeNames].join(', ')}`)
    }
  }
  const id = members.get('$id')
  if (typeof id === 'string') ids.add(id.replace(/#$/, ''))
  for (const keyword of referenceKeywords) {
    const reference = members.get(keyword)
    if (typeof reference === 'string') references.push(reference)
  }
}

function checkReference(schema: object, reference: string, ids: ReadonlySet<string>): void {
  const document = reference.split('#', 1)[0] ?? ''
  if (document !== '' && !ids.has(document)) {
    throw new TypeError(
      `the schema refers to ${quoted(reference)}, which is outside of it and is not fetched; copy it into "$defs"`,
    )
  }
  // Inside a nested "$id" a pointer starts somewhere else, which the engine resolves.
  if (reference.startsWith('#/') && ids.size === 0 && !hasPointer(schema, reference.slice(2))) {
    throw new TypeError(`the schema refers to ${quoted(reference)}, which does not exist in it`)
  }
}

function hasPointer(schema: object, pointer: string): boolean {
  let node: unknown = schema
  for (const part of pointer.split('/')) {
    const key = decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~')
    if (typeof node !== 'object' || node === null || !Object.hasOwn(node, key)) return false
    node = Reflect.get(node, key)
  }
  return true
}

function quoted(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 100 ? `${text.slice(0, 100)}…` : text
}
