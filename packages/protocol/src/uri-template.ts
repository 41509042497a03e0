/** URI templates of RFC 6570, expanded and matched. Matching is what routes `resources/read`. */
export interface UriTemplate {
  readonly text: string
  readonly names: readonly string[]
  expand(values: Readonly<Record<string, string | readonly string[]>>): string
  /** The variables' values when `uri` could have come from this template; undefined when it could not. */
  match(uri: string): Readonly<Record<string, string>> | undefined
}

/** Longest template accepted. Bounds the work of matching. */
const templateLength = 2048
/** Longest URI matched. */
const uriLength = 16_384

interface Operator {
  readonly first: string
  readonly separator: string
  readonly isNamed: boolean
  /** Reserved characters stay as they are. */
  readonly keepsReserved: boolean
  /** What a value may hold, as a character class of a regular expression. */
  readonly holds: string
}

const simple: Operator = { first: '', separator: ',', isNamed: false, keepsReserved: false, holds: '[^/?#,&]' }
const operators: Readonly<Record<string, Operator>> = {
  '+': { first: '', separator: ',', isNamed: false, keepsReserved: true, holds: '[^?#,]' },
  '#': { first: '#', separator: ',', isNamed: false, keepsReserved: true, holds: '[^,]' },
  '.': { first: '.', separator: '.', isNamed: false, keepsReserved: false, holds: '[^/?#.]' },
  '/': { first: '/', separator: '/', isNamed: false, keepsReserved: false, holds: '[^/?#]' },
  ';': { first: ';', separator: ';', isNamed: true, keepsReserved: false, holds: '[^/?#;]' },
  '?': { first: '?', separator: '&', isNamed: true, keepsReserved: false, holds: '[^#&]' },
  '&': { first: '&', separator: '&', isNamed: true, keepsReserved: false, holds: '[^#&]' },
}

interface Variable {
  readonly name: string
  readonly explodes: boolean
  readonly prefix: number | undefined
}

type Part = { readonly literal: string } | { readonly operator: Operator; readonly variables: readonly Variable[] }

/** @throws TypeError for a template that RFC 6570 does not allow. */
export function uriTemplate(text: string): UriTemplate {
  const parts = parseTemplate(text)
  const variables = parts.flatMap(part => ('literal' in part ? [] : part.variables))
  const names = [...new Set(variables.map(variable => variable.name))]
  const pattern = new RegExp(`^${parts.map(patternOf).join('')}$`)
  return {
    text,
    names,
    expand: values => parts.map(part => ('literal' in part ? part.literal : expandPart(part, values))).join(''),
    match(uri) {
      if (uri.length > uriLength) return undefined
      const found = pattern.exec(uri)
      return found === null ? undefined : readValues(variables, found)
    },
  }
}

function parseTemplate(text: string): readonly Part[] {
  if (text.length > templateLength) throw new TypeError(`URI template is longer than ${templateLength} characters`)
  const parts: Part[] = []
  let at = 0
  for (const found of text.matchAll(/\{([^{}]*)\}/g)) {
    parts.push({ literal: literal(text, at, found.index) }, parseExpression(found[1] ?? '', text))
    at = found.index + found[0].length
  }
  parts.push({ literal: literal(text, at, text.length) })
  return parts
}

function literal(text: string, from: number, to: number): string {
  const part = text.slice(from, to)
  if (/[{}]/.test(part)) throw new TypeError(`URI template "${text}" has a brace without its partner`)
  return part
}

function parseExpression(expression: string, text: string): Part {
  const operator = operators[expression.charAt(0)]
  const list = operator === undefined ? expression : expression.slice(1)
  const variables = list.split(',').map(item => {
    const found = /^([A-Za-z0-9_.%-]+)(?:(\*)|:([1-9]\d{0,3}))?$/.exec(item)
    if (found === null) throw new TypeError(`URI template "${text}" has the faulty expression "{${expression}}"`)
    return {
      name: found[1] ?? '',
      explodes: found[2] === '*',
      prefix: found[3] === undefined ? undefined : Number(found[3]),
    }
  })
  return { operator: operator ?? simple, variables }
}

function patternOf(part: Part): string {
  if ('literal' in part) return escape(part.literal)
  const { first, separator, isNamed, holds } = part.operator
  const value = (variable: Variable): string => {
    const item = `(${variable.explodes ? `${holds.replace(separator, '')}` : holds}*?)`
    return isNamed ? `${escape(variable.name)}(?:=${item})?` : item
  }
  // Query variables may each be left out; the others stand in their places.
  if (isNamed) {
    const [head, ...rest] = part.variables.map(value)
    const tail = rest.map(item => `(?:${escape(separator)}${item})?`).join('')
    return `(?:${escape(first)}${head}${tail})?`
  }
  return `${escape(first)}${part.variables.map(value).join(escape(separator))}`
}

function readValues(variables: readonly Variable[], found: RegExpExecArray): Record<string, string> | undefined {
  const values: Record<string, string> = {}
  for (const [index, { name }] of variables.entries()) {
    const raw = found[index + 1]
    if (raw === undefined) continue
    const value = decode(raw)
    if (value === undefined || (name in values && values[name] !== value)) return undefined
    values[name] = value
  }
  return values
}

function expandPart(
  { operator, variables }: Extract<Part, { operator: Operator }>,
  values: Readonly<Record<string, string | readonly string[]>>,
): string {
  const items = variables.flatMap(variable => {
    const value = Object.hasOwn(values, variable.name) ? values[variable.name] : undefined
    if (value === undefined || (Array.isArray(value) && value.length === 0)) return []
    const list = (typeof value === 'string' ? [value] : value).map(item => encode(item, variable, operator))
    const named = (item: string): string => {
      if (!operator.isNamed) return item
      return item === '' && operator.separator === ';' ? variable.name : `${variable.name}=${item}`
    }
    return variable.explodes ? list.map(named) : [named(list.join(','))]
  })
  return items.length === 0 ? '' : operator.first + items.join(operator.separator)
}

function encode(value: string, variable: Variable, operator: Operator): string {
  const cut = variable.prefix === undefined ? value : [...value].slice(0, variable.prefix).join('')
  const strict = (text: string): string =>
    encodeURIComponent(text).replace(/[!'()*]/g, char => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
  if (!operator.keepsReserved) return strict(cut)
  return cut.replace(/%[0-9A-Fa-f]{2}|[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=]+|[^]/gu, piece =>
    /^(?:%[0-9A-Fa-f]{2}|[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=]+)$/.test(piece) ? piece : strict(piece),
  )
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')
