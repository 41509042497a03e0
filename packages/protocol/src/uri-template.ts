import { compile } from './uri-template/compile.ts'
import { expand, type TemplateValues } from './uri-template/expand.ts'
import { match, type Reading } from './uri-template/match.ts'
import { parseTemplate, uriTemplateLimits } from './uri-template/parse.ts'

/** A URI template of RFC 6570, to expand and to match. Matching is what routes `resources/read`. */
export interface UriTemplate {
  readonly text: string
  readonly names: readonly string[]
  expand(values: TemplateValues): string
  /**
   * The variables' values when `uri` could have come from this template; undefined when it could not. The items of a
   * list come as one text with the separator between them. Where several readings fit, the choice is always the same:
   * from left to right, what may be left out is taken to be there, and a value is as short as it can be. A variable that
   * stands twice must have one value, and `{x:3}` the beginning of that of `{x}`; this is asked of the chosen reading.
   */
  match(uri: string): Readonly<Record<string, string>> | undefined
}

/** @throws TypeError for a template that RFC 6570 does not allow, or that is larger than `uriTemplateLimits`. */
export function uriTemplate(text: string): UriTemplate {
  const parts = parseTemplate(text)
  const program = compile(parts)
  const variables = parts.flatMap(part => (typeof part === 'string' ? [] : part.variables))
  return {
    text,
    names: [...new Set(variables.map(variable => variable.name))],
    expand: values => expand(parts, values),
    match(uri) {
      if (uri.length > uriTemplateLimits.uriLength) return undefined
      const { readings } = match(program, uri)
      return readings && valuesOf(readings)
    },
  }
}

interface Found {
  readonly value: string
  readonly isPrefix: boolean
}

function valuesOf(readings: readonly Reading[]): Record<string, string> | undefined {
  const found = new Map<string, Found>()
  for (const reading of readings) {
    const before = found.get(reading.variable.name)
    const now = read(reading)
    const both = now && (before === undefined ? now : unite(before, now, reading.variable.explodes))
    if (both === undefined) return undefined
    found.set(reading.variable.name, both)
  }
  return Object.fromEntries([...found].map(([name, { value }]) => [name, value]))
}

function read({ variable, raw }: Reading): Found | undefined {
  const value = decode(raw)
  if (value === undefined || variable.prefix === undefined)
    return value === undefined ? value : { value, isPrefix: false }
  return [...value].length <= variable.prefix ? { value, isPrefix: true } : undefined
}

/** One value for what was found at two places. */
function unite(a: Found, b: Found, isList: boolean): Found | undefined {
  if (a.isPrefix && b.value.startsWith(a.value)) return b
  if (b.isPrefix && a.value.startsWith(b.value)) return a
  if (isList) return { value: `${a.value},${b.value}`, isPrefix: false }
  return !a.isPrefix && !b.isPrefix && a.value === b.value ? a : undefined
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
