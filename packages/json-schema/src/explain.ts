import type { TValidationError } from 'typebox/error'
import type { Issue } from './standard-schema.ts'

/** Allowed values and member names shown in one sentence; more would bury it. */
const shownNames = 10

/** Characters of one value shown in a sentence. */
const shownCharacters = 100

/** Turns the engine's findings about `value` into issues: each once, alternatives gathered, in plain words. */
export function explain(value: unknown, errors: readonly TValidationError[]): readonly Issue[] {
  const issues: Issue[] = []
  const alternatives = new Map<string, TValidationError[]>()
  for (const error of errors) {
    const choice = choiceAbove(error)
    if (choice === undefined) issues.push(...sentences(value, error))
    else alternatives.set(choice, [...(alternatives.get(choice) ?? []), error])
  }
  for (const group of alternatives.values()) issues.push(choiceIssue(value, group))
  const seen = new Map(issues.map(issue => [JSON.stringify([issue.path, issue.message]), issue]))
  return seen.size > 0 ? [...seen.values()] : [{ path: [], message: 'must match the schema' }]
}

/** The outermost `anyOf` or `oneOf` an error was found under. Keywords are never numbers, so the pattern is exact. */
function choiceAbove(error: TValidationError): string | undefined {
  if (error.keyword === 'anyOf') return `${error.schemaPath}/anyOf`
  if (error.keyword === 'oneOf' && error.params.passingSchemas.length === 0) return `${error.schemaPath}/oneOf`
  return /^(.*?\/(?:anyOf|oneOf))\/\d+/.exec(error.schemaPath)?.[1]
}

/** One issue for a value that fits no alternative, with the first objection of each. */
function choiceIssue(value: unknown, group: readonly TValidationError[]): Issue {
  const place = group.map(error => error.instancePath).reduce((a, b) => (a.length <= b.length ? a : b))
  const path = pathIn(value, place)
  const firsts = new Map<string, string>()
  for (const error of group) {
    const branch = /\/(?:anyOf|oneOf)\/\d+/.exec(error.schemaPath)?.[0]
    const [issue] = sentences(value, error)
    if (branch === undefined || issue === undefined || firsts.has(branch)) continue
    const below = issue.path.slice(path.length).map(quoted).join(' ')
    firsts.set(branch, below === '' ? issue.message : `${below} ${issue.message}`)
  }
  const objections = [...new Set(firsts.values())]
  return { path, message: objections.length > 0 ? objections.join(', or ') : 'must match one of the alternatives' }
}

function sentences(value: unknown, error: TValidationError): Issue[] {
  const path = pathIn(value, error.instancePath)
  const one = (message: string): Issue[] => [{ path, message }]
  if (error.keyword !== 'propertyNames' && error.schemaPath.includes('/propertyNames')) return []
  switch (error.keyword) {
    case 'required':
      return error.params.requiredProperties.map(name => ({ path: [...path, name], message: 'is required' }))
    case 'boolean':
      return error.schemaPath.endsWith('/additionalProperties')
        ? [{ path: path.slice(0, -1), message: extraMember(path.at(-1)) }]
        : one('is not allowed')
    case 'unevaluatedProperties':
      return error.params.unevaluatedProperties.map(name => ({ path, message: extraMember(String(name)) }))
    case 'propertyNames':
      return error.params.propertyNames.map(name => ({ path, message: `must not have a member named ${quoted(name)}` }))
    case 'additionalProperties':
      return []
    default:
      return one(sentence(error))
  }
}

function sentence(error: TValidationError): string {
  switch (error.keyword) {
    case 'type':
      return `must be ${[error.params.type].flat().map(withArticle).join(' or ')}`
    case 'const':
      return `must be ${quoted(error.params.allowedValue)}`
    case 'enum':
      return `must be one of ${listed(error.params.allowedValues)}`
    case 'minimum':
      return `must be at least ${error.params.limit}`
    case 'maximum':
      return `must be at most ${error.params.limit}`
    case 'exclusiveMinimum':
      return `must be greater than ${error.params.limit}`
    case 'exclusiveMaximum':
      return `must be less than ${error.params.limit}`
    case 'multipleOf':
      return `must be a multiple of ${error.params.multipleOf}`
    case 'pattern':
      return `must match the pattern ${quoted(String(error.params.pattern))}`
    case 'format':
      return `must have the format ${quoted(error.params.format)}`
    default:
      return sizeSentence(error)
  }
}

function sizeSentence(error: TValidationError): string {
  switch (error.keyword) {
    case 'minLength':
      return `must have at least ${counted(error.params.limit, 'character')}`
    case 'maxLength':
      return `must have at most ${counted(error.params.limit, 'character')}`
    case 'minItems':
      return `must have at least ${counted(error.params.limit, 'item')}`
    case 'maxItems':
      return `must have at most ${counted(error.params.limit, 'item')}`
    case 'minProperties':
      return `must have at least ${counted(error.params.limit, 'member')}`
    case 'maxProperties':
      return `must have at most ${counted(error.params.limit, 'member')}`
    case 'uniqueItems':
      return 'must not have the same item twice'
    case 'unevaluatedItems':
      return 'must not have extra items'
    default:
      return combinationSentence(error)
  }
}

function combinationSentence(error: TValidationError): string {
  switch (error.keyword) {
    case 'contains':
      return `must have at least ${counted(error.params.minContains, 'item')} of the kind under "contains"`
    case 'oneOf':
      return `must match exactly one alternative, not ${error.params.passingSchemas.length}`
    case 'dependencies':
    case 'dependentRequired':
      return `must have ${listed(error.params.dependencies)} when it has ${quoted(error.params.property)}`
    case 'if':
      return `must match what the schema says under "${error.params.failingKeyword}"`
    case 'not':
      return 'must not match what the schema excludes'
    default:
      return 'must match the schema'
  }
}

/** A JSON pointer as member names and item numbers; `value` says which it is. */
function pathIn(value: unknown, pointer: string): readonly (string | number)[] {
  let node = value
  return pointer
    .split('/')
    .slice(1)
    .map(part => {
      const key = part.replaceAll('~1', '/').replaceAll('~0', '~')
      const step = Array.isArray(node) ? Number(key) : key
      node = typeof node === 'object' && node !== null ? Reflect.get(node, key) : undefined
      return step
    })
}

const extraMember = (name: string | number | undefined): string => `must not have the extra member ${quoted(name)}`
const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`
const withArticle = (type: string): string => (type === 'null' ? type : `${/^[aio]/.test(type) ? 'an' : 'a'} ${type}`)

function listed(values: readonly unknown[]): string {
  const shown = values.slice(0, shownNames).map(quoted).join(', ')
  return values.length > shownNames ? `${shown} and ${values.length - shownNames} more` : shown
}

function quoted(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value)
  return text.length > shownCharacters ? `${text.slice(0, shownCharacters)}…` : text
}
