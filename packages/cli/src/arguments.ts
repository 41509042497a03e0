import { isObject, nearest, type Tool } from '@interlock/protocol'
import { CommandError } from './exit.ts'

/**
 * Arguments of a tool from the command line: one JSON object, or `key=value` words read as the tool's schema says.
 * @throws CommandError that names the word and what was expected
 */
export function readArguments(
  pairs: readonly string[],
  json: string | true | undefined,
  tool: Tool,
): Record<string, unknown> {
  if (typeof json !== 'string') return once(pairs.map(pair => readPair(pair, tool)))
  if (pairs.length > 0) throw new CommandError('give arguments either as key=value or with --json, not both')
  if (/^[\w.-]+=/.test(json)) throw new CommandError(`put ${json} before --json, which takes a JSON object`)
  const value = parse(json, '--json')
  if (!isObject(value)) throw new CommandError('--json must be an object, for example --json \'{"path":"notes.txt"}\'')
  return value
}

function once(entries: readonly (readonly [string, unknown])[]): Record<string, unknown> {
  const values = Object.fromEntries(entries)
  const twice = entries.find(([key], at) => entries.findIndex(([other]) => other === key) < at)
  if (twice !== undefined) throw new CommandError(`argument "${twice[0]}" is given twice`)
  return values
}

function readPair(pair: string, { name: tool, inputSchema }: Tool): readonly [string, unknown] {
  const at = pair.indexOf('=')
  if (at < 1) throw new CommandError(`"${pair}" is not of the form key=value`)
  const key = pair.slice(0, at)
  const text = pair.slice(at + 1)
  const properties = isObject(inputSchema['properties']) ? inputSchema['properties'] : {}
  const property = Object.hasOwn(properties, key) ? properties[key] : undefined
  if (property === undefined && Object.keys(properties).length > 0 && inputSchema['additionalProperties'] === false) {
    const meant = nearest(key, Object.keys(properties))
    const hint = meant === undefined ? `it takes: ${Object.keys(properties).join(', ')}` : `did you mean "${meant}"?`
    throw new CommandError(`tool "${tool}" has no argument "${key}"; ${hint}`)
  }
  return [key, readValue(text, typesOf(property), key)]
}

const typesOf = (property: unknown): readonly unknown[] => {
  const type = isObject(property) ? property['type'] : undefined
  return Array.isArray(type) ? type : [type]
}

function readValue(text: string, types: readonly unknown[], key: string): unknown {
  if (types.includes('string')) return text
  if (types.includes(undefined)) return guess(text)
  const value = guess(text)
  if (types.some(type => isOfType(value, type))) return value
  const example = types.includes('array') ? `; for example ${key}='["a","b"]'` : ''
  throw new CommandError(`argument "${key}" must be ${types.join(' or ')}, not ${JSON.stringify(text)}${example}`)
}

/** Where the schema says nothing, what looks like JSON is JSON. */
function guess(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function parse(text: string, where: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new CommandError(`${where} is not valid JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function isOfType(value: unknown, type: unknown): boolean {
  switch (type) {
    case 'integer':
      return Number.isInteger(value)
    case 'array':
      return Array.isArray(value)
    case 'object':
      return isObject(value)
    case 'null':
      return value === null
    default:
      return typeof value === type
  }
}
