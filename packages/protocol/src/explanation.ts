import type { Checks, Shape } from './revision.ts'

/** Levels walked into a value. Messages of the protocol nest about ten deep; beyond this lies only JSON of someone else. */
const maxDepth = 32

/** Characters of a value or of one member name that a message repeats: enough to recognise it, too little to carry data. */
const maxQuoted = 60

/** Where definitions are looked up: a revision, or what clients receive of it. */
export type Shapes = Pick<Checks, 'shape'>

/** A place that breaks the schema. */
interface Fault {
  readonly path: readonly string[]
  /** What the place allows: alternatives of one sentence. */
  readonly expected: readonly string[]
  /** What is there; nothing when the member is missing. */
  readonly found: string | undefined
}

/** See `explain`. */
export function explanation(shapes: Shapes, definition: string, value: unknown, root: string): string {
  const fault = find({ $ref: definition }, value, [], shapes)
  return fault ? sentence(fault, root) : `${root} is not a valid ${definition}`
}

function sentence({ path, expected, found }: Fault, root: string): string {
  const place = root + path.join('')
  return found === undefined
    ? `${place} is missing; it must be ${alternatives(expected)}`
    : `${place} must be ${alternatives(expected)}, not ${found}`
}

const alternatives = (expected: readonly string[]): string =>
  [expected.slice(0, -1).join(', '), expected.at(-1)].filter(Boolean).join(' or ')

function find(shape: Shape, value: unknown, path: readonly string[], shapes: Shapes): Fault | undefined {
  if (path.length > maxDepth) return undefined
  if (shape.$ref !== undefined) return find(shapes.shape(shape.$ref), value, path, shapes)
  if (shape.anyOf) return findInUnion(shape.anyOf, value, path, shapes)
  if (shape.allOf) return first(shape.allOf, part => find(part, value, path, shapes))
  const allowed = constants(shape)
  if (allowed) return allowed.some(one => one === value) ? undefined : fault(path, allowed.map(quote), value, quote)
  return findInType(shape, value, path) ?? findInside(shape, value, path, shapes)
}

const constants = (shape: Shape): readonly unknown[] | undefined =>
  shape.const === undefined ? shape.enum : [shape.const]

function fault(
  path: readonly string[],
  expected: readonly string[],
  value: unknown,
  say: (value: unknown) => string,
): Fault {
  return { path, expected, found: value === undefined ? undefined : say(value) }
}

function findInType(shape: Shape, value: unknown, path: readonly string[]): Fault | undefined {
  if (shape.type === undefined) return undefined
  const types = [shape.type].flat()
  if (!types.some(type => isOf(type, value))) {
    return fault(
      path,
      types.map(type => nouns[type] ?? type),
      value,
      typeof value === 'number' ? quote : noun,
    )
  }
  if (typeof value === 'number' && shape.minimum !== undefined && value < shape.minimum) {
    return fault(path, [`at least ${shape.minimum}`], value, quote)
  }
  if (typeof value === 'number' && shape.maximum !== undefined && value > shape.maximum) {
    return fault(path, [`at most ${shape.maximum}`], value, quote)
  }
  if (Array.isArray(value) && shape.maxItems !== undefined && value.length > shape.maxItems) {
    return fault(path, [`an array of at most ${shape.maxItems} items`], value, () => `one of ${value.length}`)
  }
  return undefined
}

function findInside(shape: Shape, value: unknown, path: readonly string[], shapes: Shapes): Fault | undefined {
  if (Array.isArray(value)) {
    const { items } = shape
    return items && first(value.entries(), ([at, item]) => find(items, item, [...path, `[${at}]`], shapes))
  }
  if (!isObject(value)) return undefined
  const members = Object.entries(shape.properties ?? {})
  const required = new Set(shape.required)
  const absent = members.find(([name]) => required.has(name) && value[name] === undefined)
  if (absent) return absence(absent[1], [...path, step(absent[0])], shapes)
  const named = first(members, ([name, member]) =>
    value[name] === undefined ? undefined : find(member, value[name], [...path, step(name)], shapes),
  )
  const further = shape.additionalProperties
  if (named || typeof further !== 'object') return named
  const names = Object.keys(value).filter(name => !shape.properties || !Object.hasOwn(shape.properties, name))
  return first(names, name => find(further, value[name], [...path, step(name)], shapes))
}

const absence = (member: Shape, path: readonly string[], shapes: Shapes): Fault =>
  find(member, undefined, path, shapes) ?? { path, expected: ['present'], found: undefined }

/** The branch that got furthest is the one its author meant; branches that failed at the same place are told together. */
function findInUnion(
  branches: readonly Shape[],
  value: unknown,
  path: readonly string[],
  shapes: Shapes,
): Fault | undefined {
  const all = flat(branches, shapes)
  const meant = isObject(value) ? all.filter(branch => tags(branch).some(([name, tag]) => tag === value[name])) : []
  if (isObject(value) && meant.length === 0) {
    const wrong = findInTag(all, value, path)
    if (wrong) return wrong
  }
  const faults: Fault[] = []
  for (const branch of meant.length > 0 ? meant : all) {
    const found = find(branch, value, path, shapes)
    if (!found) return undefined
    faults.push(found)
  }
  return told(faults)
}

/** Faults of several branches as one: the deepest, and rather a member that is wrong than one that is missing. */
function told(faults: readonly Fault[]): Fault | undefined {
  const deepest = Math.max(...faults.map(({ path }) => path.length))
  const furthest = faults.filter(({ path }) => path.length === deepest)
  const lead = furthest.find(({ found }) => found !== undefined) ?? furthest[0]
  if (!lead) return undefined
  const alike = furthest.filter(({ path }) => path.at(-1) === lead.path.at(-1))
  return { ...lead, expected: [...new Set(alike.flatMap(({ expected }) => expected))] }
}

/** Members that must be one constant: `type`, `method`, `mode`. */
const tags = (shape: Shape): readonly (readonly [name: string, tag: unknown])[] =>
  Object.entries(shape.properties ?? {}).flatMap(([name, member]) =>
    member.const === undefined || !shape.required?.includes(name) ? [] : [[name, member.const] as const],
  )

/** Where every branch requires a tag of its own and the value has none of them, the tag is what is wrong. */
function findInTag(
  branches: readonly Shape[],
  value: Record<string, unknown>,
  path: readonly string[],
): Fault | undefined {
  const [name] =
    tags(branches[0] ?? {}).find(([tag]) => branches.every(branch => tags(branch).some(([other]) => other === tag))) ??
    []
  if (name === undefined) return undefined
  const allowed = branches.flatMap(branch =>
    tags(branch).flatMap(([other, tag]) => (other === name ? [quote(tag)] : [])),
  )
  return fault([...path, step(name)], [...new Set(allowed)], value[name], quote)
}

/** The branches of a union with the unions among them opened. */
function flat(branches: readonly Shape[], shapes: Shapes): readonly Shape[] {
  return branches.flatMap(branch => {
    const shape = branch.$ref === undefined ? branch : shapes.shape(branch.$ref)
    if (shape.$ref !== undefined) return flat([shape], shapes)
    return shape.anyOf ? flat(shape.anyOf, shapes) : [shape]
  })
}

function first<Item>(items: Iterable<Item>, look: (item: Item) => Fault | undefined): Fault | undefined {
  for (const item of items) {
    const found = look(item)
    if (found) return found
  }
  return undefined
}

const nouns: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  integer: 'an integer',
  boolean: 'true or false',
  null: 'null',
  array: 'an array',
  object: 'an object',
}

function isOf(type: string, value: unknown): boolean {
  switch (type) {
    case 'number':
      return Number.isFinite(value)
    case 'integer':
      return Number.isInteger(value)
    case 'null':
      return value === null
    case 'array':
      return Array.isArray(value)
    case 'object':
      return isObject(value)
    default:
      return typeof value === type
  }
}

function noun(value: unknown): string {
  if (value === null) return 'null'
  if (typeof value === 'boolean') return String(value)
  return nouns[Array.isArray(value) ? 'array' : typeof value] ?? `a ${typeof value}`
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** As `clip` does. Were it shared with what is loaded first, that would become two files where it is published. */
const clipped = (text: string): string => (text.length <= maxQuoted ? text : `${text.slice(0, maxQuoted)}…`)

/** A constant or a small value as it was written; what has an inside is only named. */
const quote = (value: unknown): string =>
  typeof value === 'string' ? JSON.stringify(clipped(value)) : typeof value === 'number' ? String(value) : noun(value)

const step = (name: string): string =>
  /^[A-Za-z_$][\w$]{0,59}$/.test(name) ? `.${name}` : `[${JSON.stringify(clipped(name))}]`
