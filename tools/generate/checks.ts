import { type Definitions, definition, isAnything, literal, memberKey, resolve, type Schema, target } from './schema.ts'

/**
 * TypeScript source with one constant for each group, which makes checks of these definitions by name. A check takes
 * those of other definitions from whoever makes it.
 */
export function renderCompiled(definitions: Definitions, groups: Readonly<Record<string, readonly string[]>>): string {
  const tables = Object.entries(groups).map(([group, names]) => {
    const rows = names.map(name => renderCheck(name, definitions))
    return rows.length === 0
      ? `export const ${group}: Compiled = {}`
      : `export const ${group}: Compiled = {\n${rows.join('\n')}\n}`
  })
  const source = tables.join('\n\n')
  return `${preamble(source)}\n\n${source}`
}

/**
 * The roots and every definition they refer to, sorted.
 * @param opens whether what a definition refers to is followed. Default: always
 */
export function reachable(
  definitions: Definitions,
  roots: readonly string[],
  opens: (name: string) => boolean = () => true,
): string[] {
  const found = new Set<string>()
  const queue = [...roots]
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (found.has(name)) continue
    found.add(name)
    if (opens(name)) queue.push(...references(definition(name, definitions)))
  }
  return [...found].sort()
}

function references(schema: Schema): string[] {
  const inside = [
    ...Object.values(schema.properties ?? {}),
    ...(schema.anyOf ?? []),
    ...(schema.allOf ?? []),
    ...(schema.items ? [schema.items] : []),
    ...(typeof schema.additionalProperties === 'object' ? [schema.additionalProperties] : []),
  ]
  return [...(schema.$ref === undefined ? [] : [target(schema.$ref)]), ...inside.flatMap(references)]
}

/** What the checks of this file need in front of them. */
function preamble(source: string): string {
  const used = ['isInteger', 'isNumber', 'isObject'].filter(guard => source.includes(`${guard}(`))
  return [
    `import type { Compiled } from '../../definitions/definitions.ts'`,
    ...(used.length === 0 ? [] : [`import { ${used.join(', ')} } from '../../definitions/guards.ts'`]),
  ].join('\n')
}

/** Loops and unions become functions of their own, so that the check itself is one expression. */
interface Scope {
  readonly definitions: Definitions
  readonly name: string
  readonly hoisted: string[]
  /** Definitions that the check refers to. */
  readonly named: Set<string>
}

function renderCheck(name: string, definitions: Definitions): string {
  const scope: Scope = { definitions, name, hoisted: [], named: new Set() }
  const body = conjunction(tests(definition(name, definitions), 'v', scope), '\n      ')
  const named = [...scope.named].map(other => `    const is${other} = named('${other}')`)
  const before = [...named, ...scope.hoisted.map(source => source.replaceAll(/^/gm, '    '))]
  return before.length === 0
    ? `  ${name}: () => v =>\n      ${body},`
    : `  ${name}: named => {\n${before.join('\n')}\n    return v => ${body}\n  },`
}

const conjunction = (parts: readonly string[], gap = ' '): string =>
  parts.length === 0 ? 'true' : parts.join(` &&${gap}`)

/** One expression: true when the value written as `v` matches. Nothing is left of a schema that anything matches. */
function test(schema: Schema, v: string, scope: Scope): string | undefined {
  const parts = tests(schema, v, scope)
  return parts.length === 0 ? undefined : conjunction(parts)
}

/** Conditions that must all hold, in an order that is safe to evaluate. */
function tests(schema: Schema, v: string, scope: Scope): string[] {
  if (schema.$ref !== undefined) {
    scope.named.add(target(schema.$ref))
    return [`is${target(schema.$ref)}(${v})`]
  }
  if (schema.anyOf) return [union(schema.anyOf, v, scope)]
  if (schema.allOf) return schema.allOf.flatMap(branch => tests(branch, v, scope))
  if (schema.const !== undefined) return [`${v} === ${literal(schema.const)}`]
  if (schema.enum) return [either(schema.enum.map(value => `${v} === ${literal(value)}`))]
  if (schema.type === undefined) return []
  return [
    either([schema.type].flat().map(name => typeTest(name, v))),
    ...(schema.minimum === undefined ? [] : [`${v} >= ${schema.minimum}`]),
    ...(schema.maximum === undefined ? [] : [`${v} <= ${schema.maximum}`]),
    ...(schema.maxItems === undefined ? [] : [`${v}.length <= ${schema.maxItems}`]),
    ...itemTests(schema, v, scope),
    ...memberTests(schema, v, scope),
    ...furtherTests(schema, v, scope),
  ]
}

const either = (alternatives: readonly string[]): string =>
  alternatives.length === 1 ? (alternatives[0] ?? '') : `(${alternatives.join(' || ')})`

function typeTest(name: string, v: string): string {
  switch (name) {
    case 'string':
    case 'boolean':
      return `typeof ${v} === '${name}'`
    case 'number':
      return `isNumber(${v})`
    case 'integer':
      return `isInteger(${v})`
    case 'null':
      return `${v} === null`
    case 'array':
      return `Array.isArray(${v})`
    case 'object':
      return `isObject(${v})`
    default:
      throw new Error(`type "${name}" is not known to tools/generate/checks.ts`)
  }
}

function memberTests(schema: Schema, v: string, scope: Scope): string[] {
  const required = new Set(schema.required)
  return Object.entries(schema.properties ?? {}).flatMap(([name, member]) => {
    const at = memberKey(name) === name ? `${v}.${name}` : `${v}[${literal(name)}]`
    const condition = test(member, at, scope)
    if (required.has(name)) return [condition ?? `${at} !== undefined`]
    return condition === undefined
      ? []
      : [`(${at} === undefined || ${condition.includes(' && ') ? `(${condition})` : condition})`]
  })
}

function itemTests(schema: Schema, v: string, scope: Scope): string[] {
  const condition = schema.items && test(schema.items, 'x', scope)
  if (condition === undefined) return []
  const name = hoist(
    scope,
    'each',
    name =>
      `function ${name}(list: readonly unknown[]): boolean {\n  for (const x of list) if (!(${condition})) return false\n  return true\n}`,
  )
  return [`${name}(${v})`]
}

function furtherTests(schema: Schema, v: string, scope: Scope): string[] {
  const further = schema.additionalProperties
  if (typeof further !== 'object' || isAnything(further)) return []
  const condition = test(further, 'x', scope)
  if (condition === undefined) return []
  const known = Object.keys(schema.properties ?? {}).map(key => `key === ${literal(key)}`)
  const skip = known.length === 0 ? '' : `    if (${known.join(' || ')}) continue\n`
  const name = hoist(
    scope,
    'every',
    name =>
      `function ${name}(members: Record<string, unknown>): boolean {\n  for (const key in members) {\n${skip}    const x = members[key]\n    if (!(${condition})) return false\n  }\n  return true\n}`,
  )
  return [`${name}(${v})`]
}

/** A union whose branches carry distinct constant tags is one `switch`; any other is tried branch by branch. */
function union(branches: readonly Schema[], v: string, scope: Scope): string {
  const tag = tagOf(branches, scope.definitions)
  if (tag === undefined) return either(branches.map(branch => `(${test(branch, v, scope) ?? 'true'})`))
  const cases = branches.map(
    branch => `    case ${literal(tag.value(branch))}: return ${test(branch, 'x', scope) ?? 'true'}`,
  )
  const name = hoist(
    scope,
    'oneOf',
    name =>
      `function ${name}(x: unknown): boolean {\n  if (!isObject(x)) return false\n  switch (x.${tag.name}) {\n${cases.join('\n')}\n    default: return false\n  }\n}`,
  )
  return `${name}(${v})`
}

interface Tag {
  readonly name: string
  value(branch: Schema): string | number | boolean
}

function tagOf(branches: readonly Schema[], definitions: Definitions): Tag | undefined {
  const constant = (branch: Schema, name: string) => {
    const full = resolve(branch, definitions)
    return full.required?.includes(name) ? full.properties?.[name]?.const : undefined
  }
  const first = branches[0] && resolve(branches[0], definitions)
  const name = Object.keys(first?.properties ?? {}).find(candidate => {
    const values = branches.map(branch => constant(branch, candidate))
    return values.every(value => value !== undefined) && new Set(values).size === branches.length
  })
  if (name === undefined) return undefined
  return { name, value: branch => constant(branch, name) ?? '' }
}

function hoist(scope: Scope, kind: string, source: (name: string) => string): string {
  const name = `${kind}${scope.name}${scope.hoisted.length + 1}`
  scope.hoisted.push(source(name))
  return name
}
