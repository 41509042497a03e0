import { getNodeValue, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser'
import { ConfigError } from './error.ts'
import { excerpt } from './excerpt.ts'

/** A JSON value that knows where it stands in the text. */
export type JsonNode = { readonly offset: number } & (
  | { readonly kind: 'object'; readonly members: readonly JsonMember[] }
  | { readonly kind: 'array'; readonly items: readonly JsonNode[] }
  | { readonly kind: 'string'; readonly value: string }
  /** `source` is the number as written, so that 1.0 and 20-digit ids survive becoming a string. */
  | { readonly kind: 'number'; readonly value: number; readonly source: string }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'null' }
)
export type JsonObject = Extract<JsonNode, { kind: 'object' }>

/** One `"key": value`. A key that is written twice makes two members. */
export interface JsonMember {
  readonly key: string
  /** Where the key stands. */
  readonly offset: number
  readonly value: JsonNode
}

export interface Place {
  readonly file: string
  readonly line: number
  readonly column: number
}

export interface Document {
  readonly file: string
  readonly root: JsonNode
  /** Line and column, counted from 1. */
  place(offset: number): Place
}

/** Reads JSON with comments and trailing commas. Throws `ConfigError` with the place of the first syntax error. */
export function parseDocument(source: string, file: string): Document {
  const text = source.startsWith('\uFEFF') ? source.slice(1) : source
  const starts = lineStarts(text)
  const place = (offset: number): Place => {
    const line = starts.findLastIndex(start => start <= offset)
    return { file, line: line + 1, column: offset - (starts[line] ?? 0) + 1 }
  }
  const errors: ParseError[] = []
  try {
    const tree = parseTree(text, errors, { allowTrailingComma: true })
    const first = errors[0]
    if (first === undefined && tree !== undefined) return { file, root: toJsonNode(tree, text), place }
    throw syntaxError(text, first, place)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new ConfigError('syntax', 'the file is nested too deeply to be read; remove levels', { file, cause: error })
  }
}

/** The members of an object whose key occurs more than once, by key, in the order of the text. */
export function repeated(object: JsonObject): ReadonlyMap<string, readonly JsonMember[]> {
  const byKey = new Map<string, JsonMember[]>()
  for (const member of object.members) {
    const same = byKey.get(member.key)
    if (same === undefined) byKey.set(member.key, [member])
    else same.push(member)
  }
  return new Map([...byKey].filter(([, members]) => members.length > 1))
}

/** The value as JSON.parse would give it. */
export function plain(node: JsonNode): unknown {
  switch (node.kind) {
    case 'object':
      return Object.fromEntries(node.members.map(member => [member.key, plain(member.value)]))
    case 'array':
      return node.items.map(plain)
    case 'null':
      return null
    default:
      return node.value
  }
}

/** "a string", "an array", … for messages that say what was found. */
export function kindOf(node: JsonNode): string {
  if (node.kind === 'null') return 'null'
  return node.kind === 'object' || node.kind === 'array' ? `an ${node.kind}` : `a ${node.kind}`
}

function toJsonNode(node: Node, text: string): JsonNode {
  const { offset, children = [] } = node
  switch (node.type) {
    case 'object':
      return { kind: 'object', offset, members: children.map(property => toMember(property, text)) }
    case 'array':
      return { kind: 'array', offset, items: children.map(item => toJsonNode(item, text)) }
    case 'string':
      return { kind: 'string', offset, value: String(getNodeValue(node)) }
    case 'number': {
      const source = text.slice(offset, offset + node.length)
      return { kind: 'number', offset, value: Number(source), source }
    }
    case 'boolean':
      return { kind: 'boolean', offset, value: getNodeValue(node) === true }
    case 'null':
      return { kind: 'null', offset }
    case 'property':
      throw new TypeError('a property is not a value')
  }
}

function toMember(property: Node, text: string): JsonMember {
  const [key, value] = property.children ?? []
  if (key === undefined || value === undefined) throw new TypeError('a property without a key or a value')
  return { key: String(getNodeValue(key)), offset: property.offset, value: toJsonNode(value, text) }
}

function lineStarts(text: string): readonly number[] {
  return [0, ...[...text.matchAll(/\r\n|\r|\n/g)].map(end => end.index + end[0].length)]
}

const sentences: Readonly<Record<string, string>> = {
  InvalidNumberFormat: 'this number is not written as JSON numbers are',
  PropertyNameExpected: 'a member name in double quotes is expected here',
  ValueExpected: 'a value is expected here',
  ColonExpected: 'a ":" is missing before this',
  CommaExpected: 'a "," is missing before this',
  CloseBraceExpected: 'the text ends before an object is closed; add the missing "}"',
  CloseBracketExpected: 'the text ends before an array is closed; add the missing "]"',
  EndOfFileExpected: 'nothing may follow the closing brace; remove the rest or move it inside',
  UnexpectedEndOfComment: 'this comment is never closed; add "*/"',
  UnexpectedEndOfString: 'this string is not closed on its line; add the missing double quote',
  UnexpectedEndOfNumber: 'this number breaks off',
  InvalidUnicode: 'this string holds a \\u without its four hexadecimal digits',
  InvalidEscapeCharacter:
    'this string holds a backslash before a letter that cannot follow it; write \\\\ for a backslash',
  InvalidCharacter: 'this string holds a raw control character; write \\t for a tab and \\n for a new line',
}

function syntaxError(text: string, error: ParseError | undefined, place: (offset: number) => Place): ConfigError {
  if (error === undefined || text.trim() === '') {
    const hint = 'the smallest configuration is { "mcpServers": {} }'
    return new ConfigError('syntax', 'the file is empty; an object with "mcpServers" is expected', {
      ...place(0),
      hint,
    })
  }
  const found = text.slice(error.offset, error.offset + error.length)
  const sentence = sentences[printParseErrorCode(error.error)] ?? unknownSymbol(found)
  return new ConfigError('syntax', `the file is not valid JSON: ${sentence}`, {
    ...place(error.offset),
    hint: excerpt(text, error.offset),
  })
}

function unknownSymbol(found: string): string {
  if (/^['‘’“”„«`]/.test(found)) return 'a string begins with another quotation mark; use straight double quotes: "'
  if (/^[A-Za-z_]\w*$/.test(found)) return 'a bare word; member names and strings go in double quotes'
  return 'this is not part of JSON'
}
