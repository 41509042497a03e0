import type { Expression, Operator, Part, Variable } from './parse.ts'

export type TemplateValues = Readonly<Record<string, string | readonly string[]>>

/** Writes the URI of some values; variables without a value, or with an empty list, are left out. */
export const expand = (parts: readonly Part[], values: TemplateValues): string =>
  parts.map(part => (typeof part === 'string' ? keepReserved(part) : expandExpression(part, values))).join('')

/** Percent-encodes what a URI cannot hold; reserved characters and triplets that are there stay. */
export const keepReserved = (text: string): string =>
  text.replace(/%[0-9A-Fa-f]{2}|[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=]+|[^]/gu, (piece: string) =>
    piece.length > 2 || /^[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=]/.test(piece) ? piece : encodeAll(piece),
  )

function expandExpression({ operator, variables }: Expression, values: TemplateValues): string {
  const items = variables.flatMap(variable => {
    const value = Object.hasOwn(values, variable.name) ? values[variable.name] : undefined
    return value === undefined ? [] : expandVariable(variable, operator, typeof value === 'string' ? [value] : value)
  })
  return items.length === 0 ? '' : operator.first + items.join(operator.separator)
}

function expandVariable(variable: Variable, operator: Operator, list: readonly string[]): readonly string[] {
  if (list.length === 0) return []
  const encoded = list.map(item => encode(cut(item, variable.prefix), operator))
  const items = variable.explodes ? encoded : [encoded.join(',')]
  if (!operator.isNamed) return items
  return items.map(item => variable.name + (item === '' ? operator.ifEmpty : `=${item}`))
}

const cut = (value: string, prefix: number | undefined): string =>
  prefix === undefined ? value : [...value].slice(0, prefix).join('')

const encode = (value: string, operator: Operator): string =>
  operator.keepsReserved ? keepReserved(value) : encodeAll(value)

/** Half of a surrogate pair has no UTF-8; it becomes the replacement character, as everywhere on the web. */
const encodeAll = (text: string): string =>
  encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\uFFFD')).replace(
    /[!'()*]/g,
    character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
