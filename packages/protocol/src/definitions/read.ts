import type { Shape } from '../revision.ts'

/**
 * Reads one definition as `tools/generate` writes it, in a notation like that of TypeScript: `{name:s,size?:n(0,)}`.
 *
 * | written | is |
 * | --- | --- |
 * | `s` `n` `i` `b` `z` | string, number, integer, boolean, null; `s/i` is either |
 * | `n(0,1)` | a range; each end may be left out |
 * | `"a"` `7` `"a"/"b"` | a constant, one of several |
 * | `Name` | another definition |
 * | `[s]` `[s,100]` | an array, with at most so many items |
 * | `{a:s,b?:s,*:s}` | an object; `?` may be absent, `*` is every other member |
 * | `A\|B` `A&B` `(A)` | any of them, all of them, a group |
 * | `_` | anything |
 */
export function readShape(text: string): Shape {
  return new Reader(text).alternatives()
}

const types: Readonly<Record<string, string>> = { s: 'string', n: 'number', i: 'integer', b: 'boolean', z: 'null' }

const valueOf = (token: string): string | number => (token.startsWith('"') ? token.slice(1, -1) : Number(token))

class Reader {
  readonly #tokens: readonly string[]
  #at = 0

  constructor(text: string) {
    this.#tokens = text.match(/"[^"]*"|[\w.-]+|\W/g) ?? []
  }

  alternatives(): Shape {
    const first = this.#one()
    const sign = this.#tokens[this.#at]
    if (sign !== '|' && sign !== '&') return first
    const all = [first]
    while (this.#skip(sign)) all.push(this.#one())
    return sign === '|' ? { anyOf: all } : { allOf: all }
  }

  #one(): Shape {
    const token = this.#next()
    switch (token) {
      case '(': {
        const shape = this.alternatives()
        this.#next()
        return shape
      }
      case '[':
        return this.#array()
      case '{':
        return this.#object()
      case '_':
        return {}
      default:
        if (/^["\d-]/.test(token)) return this.#constants(token)
        return token in types ? this.#types(token) : { $ref: token }
    }
  }

  #array(): Shape {
    const items = this.#tokens[this.#at] === ']' ? undefined : this.alternatives()
    const maxItems = this.#skip(',') ? Number(this.#next()) : undefined
    this.#next()
    return { type: 'array', ...(items && { items }), ...(maxItems !== undefined && { maxItems }) }
  }

  #object(): Shape {
    const properties: Record<string, Shape> = {}
    const required: string[] = []
    let further: Shape | undefined
    while (!this.#skip('}')) {
      const token = this.#next()
      const name = token.startsWith('"') ? token.slice(1, -1) : token
      const isRequired = !this.#skip('?')
      this.#next()
      const shape = this.alternatives()
      this.#skip(',')
      if (token === '*') further = shape
      else {
        properties[name] = shape
        if (isRequired) required.push(name)
      }
    }
    return { type: 'object', properties, required, ...(further && { additionalProperties: further }) }
  }

  #constants(first: string): Shape {
    const all = [valueOf(first)]
    while (this.#skip('/')) all.push(valueOf(this.#next()))
    const [only = ''] = all
    return all.length === 1 ? { const: only } : { enum: all }
  }

  #types(first: string): Shape {
    const all = [types[first] ?? first]
    while (this.#skip('/')) all.push(types[this.#next()] ?? '')
    const [only = ''] = all
    if (!this.#skip('(')) return { type: all.length === 1 ? only : all }
    const minimum = this.#limit(',')
    const maximum = this.#limit(')')
    return { type: only, ...(minimum !== undefined && { minimum }), ...(maximum !== undefined && { maximum }) }
  }

  #limit(end: string): number | undefined {
    const token = this.#next()
    if (token === end) return undefined
    this.#next()
    return Number(token)
  }

  #next(): string {
    const token = this.#tokens[this.#at]
    if (token === undefined) throw new SyntaxError(`the notation ends early: ${this.#tokens.join('')}`)
    this.#at += 1
    return token
  }

  #skip(sign: string): boolean {
    if (this.#tokens[this.#at] !== sign) return false
    this.#at += 1
    return true
  }
}
