import { clip, isObject } from '@interlock/protocol'
import { spendText } from './equal.ts'
import { schemaLimits } from './limits.ts'
import { type Matcher, matcher } from './pattern/matcher.ts'
import { type Run, Undecided, Unusable } from './run.ts'

/** The versions of JSON Schema that differ in what their keywords mean: draft-07, 2019-09 and 2020-12. */
export type Dialect = 7 | 2019 | 2020

const dialects: ReadonlyMap<string, Dialect> = new Map([
  ['json-schema.org/draft/2020-12/schema', 2020],
  ['json-schema.org/draft/2019-09/schema', 2019],
  ['json-schema.org/draft-07/schema', 7],
])

/** Members whose value is data and is never read as a schema. */
const dataKeywords: ReadonlySet<string> = new Set(['const', 'enum', 'default', 'examples'])

/** Members whose value is a table of schemas under names that the author chose, so a name there is no keyword. */
const tableKeywords: ReadonlySet<string> = new Set([
  'properties',
  'patternProperties',
  '$defs',
  'definitions',
  'dependentSchemas',
  'dependencies',
])

interface Visit {
  readonly node: unknown
  readonly reads: 'schema' | 'table' | 'data'
  readonly isRoot?: boolean
}

/** A schema that somebody else wrote, read once: it is bounded, and what refers to a part of it finds that. */
export class SchemaDocument {
  readonly root: unknown
  readonly dialect: Dialect
  /** Whether it asks what other keywords have looked at, so that this must be noted. */
  isNoting = false
  readonly #id: string | undefined
  readonly #anchors = new Map<string, unknown>()
  readonly #found = new Map<string, unknown>()
  readonly #patterns = new Map<string, Matcher>()
  #hasParts = false

  /**
   * Reads the whole document, without recursion.
   * @throws Undecided for one beyond the limits; Unusable for one in a dialect that nobody here knows
   */
  constructor(root: unknown, run: Run) {
    this.root = root
    const { $schema, $id } = isObject(root) ? root : {}
    this.dialect = dialectOf($schema)
    this.#id = typeof $id === 'string' ? $id.replace(/#$/, '') : undefined
    const pending: Visit[] = [{ node: root, reads: 'schema', isRoot: true }]
    let nodes = 0
    for (let visit = pending.pop(); visit !== undefined; visit = pending.pop()) {
      const { node } = visit
      if (typeof node === 'string') spendText(node, run)
      if (typeof node !== 'object' || node === null) continue
      const children = Object.entries(node)
      nodes += 1 + children.length
      if (nodes > schemaLimits.nodes) throw new Undecided(`it has more than ${schemaLimits.nodes} parts`)
      run.spend(1 + children.length)
      if (visit.reads === 'schema' && !Array.isArray(node)) this.#note(node, visit.isRoot === true)
      for (const [name, child] of children) {
        pending.push({ node: child, reads: Array.isArray(node) ? visit.reads : readsAs(visit.reads, name) })
      }
    }
  }

  /** The part that a reference means. @throws Unusable when that is outside of the document, or nowhere */
  find(reference: string, run: Run): unknown {
    run.spend(1)
    const known = this.#found.get(reference)
    if (known !== undefined) return known
    const made = this.#resolve(reference, run)
    this.#found.set(reference, made)
    return made
  }

  #resolve(reference: string, run: Run): unknown {
    const at = reference.indexOf('#')
    const [document, fragment] = at < 0 ? [reference, ''] : [reference.slice(0, at), reference.slice(at + 1)]
    if (document !== '' && document !== this.#id) {
      if (this.#hasParts) throw new Undecided('it is made of several documents, told apart by "$id"')
      const quoted = JSON.stringify(clip(reference))
      throw new Unusable(`it refers to ${quoted}, which is outside of it and is never fetched`)
    }
    if (this.#hasParts) throw new Undecided('it is made of several documents, told apart by "$id"')
    const found = fragment === '' ? this.root : this.#within(fragment, run)
    if (found === undefined) throw new Unusable(`it refers to ${JSON.stringify(clip(reference))}, which it has not`)
    return found
  }

  matcher(pattern: string, run: Run): Matcher {
    const known = this.#patterns.get(pattern)
    if (known !== undefined) return known
    const made = matcher(pattern, run)
    this.#patterns.set(pattern, made)
    return made
  }

  #note(schema: object, isRoot: boolean): void {
    const { $id, $anchor, $dynamicAnchor, unevaluatedItems, unevaluatedProperties }: Noted = schema
    if (unevaluatedItems !== undefined || unevaluatedProperties !== undefined) this.isNoting = true
    for (const name of [$anchor, $dynamicAnchor]) if (typeof name === 'string') this.#anchors.set(name, schema)
    if (isRoot || typeof $id !== 'string') return
    // Older dialects name a part so.
    if ($id.startsWith('#')) this.#anchors.set($id.slice(1), schema)
    else this.#hasParts = true
  }

  #within(fragment: string, run: Run): unknown {
    if (!fragment.startsWith('/')) return this.#anchors.get(fragment)
    let node: unknown = this.root
    for (const part of fragment.slice(1).split('/')) {
      run.spend(1)
      const name = decoded(part).replaceAll('~1', '/').replaceAll('~0', '~')
      if (typeof node !== 'object' || node === null || !Object.hasOwn(node, name)) return undefined
      node = Reflect.get(node, name)
    }
    return node
  }
}

interface Noted {
  readonly $id?: unknown
  readonly $anchor?: unknown
  readonly $dynamicAnchor?: unknown
  readonly unevaluatedItems?: unknown
  readonly unevaluatedProperties?: unknown
}

function dialectOf($schema: unknown): Dialect {
  if ($schema === undefined) return 2020
  const known =
    typeof $schema === 'string' ? dialects.get($schema.replace(/^https?:\/\//, '').replace(/#$/, '')) : undefined
  if (known !== undefined) return known
  const quoted = clip(JSON.stringify($schema))
  throw new Unusable(`its dialect ${quoted} is not supported; 2020-12, 2019-09 and draft-07 are`)
}

function readsAs(parent: Visit['reads'], name: string): Visit['reads'] {
  if (parent === 'data') return 'data'
  if (parent === 'table') return 'schema'
  if (dataKeywords.has(name)) return 'data'
  return tableKeywords.has(name) ? 'table' : 'schema'
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
