/** Limits on what a template and a URI may be, because templates come from servers and URIs from clients. */
export const uriTemplateLimits: {
  readonly templateLength: number
  readonly variables: number
  readonly uriLength: number
} = {
  /** Longest template in characters. Real ones are shorter than the URIs that they make. */
  templateLength: 2048,
  /** Variables of one template, counted as often as they stand in it. Real ones have fewer than ten. */
  variables: 16,
  /** Longest URI that is matched. HTTP asks implementations for 8,000 octets (RFC 9110, section 4.1). */
  uriLength: 8192,
}

/** How one kind of expression is written (RFC 6570, appendix A). */
export interface Operator {
  readonly first: string
  readonly separator: string
  readonly isNamed: boolean
  /** Stands after a name whose value is empty. */
  readonly ifEmpty: '' | '='
  /** Reserved characters stay as they are. */
  readonly keepsReserved: boolean
  /** Characters that a value never holds when a URI is matched: they begin what comes after it. */
  readonly endsAt: string
}

export interface Variable {
  readonly name: string
  /** `*`: each item of a list stands by itself. */
  readonly explodes: boolean
  /** `:n`: only the first characters of the value are written. */
  readonly prefix: number | undefined
}

export interface Expression {
  readonly operator: Operator
  readonly variables: readonly Variable[]
}

export type Part = string | Expression

/** @throws TypeError for a template that RFC 6570 does not allow, or that is larger than the limits. */
export function parseTemplate(text: string): readonly Part[] {
  if (text.length > uriTemplateLimits.templateLength) {
    throw new TypeError(`URI template is longer than ${uriTemplateLimits.templateLength} characters`)
  }
  const parts: Part[] = []
  let at = 0
  let variables = 0
  for (const found of text.matchAll(/\{([^{}]*)\}/g)) {
    const expression = parseExpression(found[1] ?? '', text)
    variables += expression.variables.length
    parts.push(literal(text, at, found.index), expression)
    at = found.index + found[0].length
  }
  parts.push(literal(text, at, text.length))
  if (variables > uriTemplateLimits.variables) {
    throw new TypeError(`URI template has more than ${uriTemplateLimits.variables} variables`)
  }
  return parts.filter(part => part !== '')
}

const common: Operator = {
  first: '',
  separator: ',',
  isNamed: false,
  ifEmpty: '',
  keepsReserved: false,
  endsAt: '/?#&',
}

const operators: Readonly<Record<string, Operator>> = {
  '+': { ...common, keepsReserved: true, endsAt: '' },
  '#': { ...common, first: '#', keepsReserved: true, endsAt: '' },
  '.': { ...common, first: '.', separator: '.', endsAt: '/?#' },
  '/': { ...common, first: '/', separator: '/', endsAt: '/?#' },
  ';': { ...common, first: ';', separator: ';', isNamed: true, endsAt: '/?#;' },
  '?': { ...common, first: '?', separator: '&', isNamed: true, ifEmpty: '=', endsAt: '&#' },
  '&': { ...common, first: '&', separator: '&', isNamed: true, ifEmpty: '=', endsAt: '&#' },
}

function literal(text: string, from: number, to: number): string {
  const part = text.slice(from, to)
  if (/[{}]/.test(part)) throw new TypeError(`URI template "${text}" has a brace without its partner`)
  return part
}

/** Takes `-` in names too, which RFC 6570 does not list and many servers use. */
function parseExpression(expression: string, text: string): Expression {
  const operator = operators[expression.charAt(0)]
  const list = operator === undefined ? expression : expression.slice(1)
  const variables = list.split(',').map(item => {
    const found = /^((?:[A-Za-z0-9_-]|%[0-9A-Fa-f]{2}|(?!^)\.(?![.*:]|$))+)(?:(\*)|:([1-9]\d{0,3}))?$/.exec(item)
    if (found === null) throw new TypeError(`URI template "${text}" has the faulty expression "{${expression}}"`)
    const [, name = '', star, prefix] = found
    return { name, explodes: star !== undefined, prefix: prefix === undefined ? undefined : Number(prefix) }
  })
  return { operator: operator ?? common, variables }
}
