import { expect, test } from 'vitest'
import { readShape } from '../../packages/protocol/src/definitions/read.ts'
import { renderCompiled } from './checks.ts'
import { notation } from './notation.ts'
import { bare, type Schema } from './schema.ts'
import { renderTypes } from './types.ts'

test.each<[object, string]>([
  [{ type: 'string', pattern: '^a' }, 'Thing uses the keyword "pattern", which the generator does not know'],
  [{ type: 'object', properties: { a: { minLength: 1 } } }, 'Thing.a uses the keyword "minLength"'],
  [{ $ref: '#/$defs/Other', type: 'object' }, 'Thing has constraints beside "$ref"'],
  [{ properties: { a: {} } }, 'Thing constrains members without saying that it is an object'],
  [{ type: 'object', additionalProperties: false }, 'Thing forbids unknown members'],
])('a schema that would not be checked in full is refused: %j', (schema, message) => {
  expect(() => bare(schema, 'Thing')).toThrow(message)
})

test('prose is dropped', () => {
  expect(bare({ type: 'string', description: 'long', format: 'uri' } as object, 'Thing')).toEqual({ type: 'string' })
})

const definitions = {
  Circle: {
    type: 'object',
    properties: { type: { const: 'circle' }, size: { type: 'number', minimum: 0 } },
    required: ['type'],
  },
  Square: { type: 'object', properties: { type: { const: 'square' }, 'x-y': {} }, required: ['type', 'x-y'] },
  Figure: { anyOf: [{ $ref: '#/$defs/Circle' }, { $ref: '#/$defs/Square' }] },
  Unused: { type: 'string' },
}

const circle = { $ref: '#/$defs/Circle' }
const square = { $ref: '#/$defs/Square' }

test('types', () => {
  expect(renderTypes(definitions)).toBe(`export interface Circle {
  type: 'circle'
  size?: number
}

export interface Square {
  type: 'square'
  'x-y': unknown
}

export type Figure = Circle | Square

export type Unused = string`)
})

test('a compiled check takes those of other definitions from whoever makes it; a union of tagged objects is one switch', () => {
  expect(
    renderCompiled(definitions, { some: ['Circle', 'Figure'], none: [] }),
  ).toBe(`import type { Compiled } from '../../definitions/definitions.ts'
import { isNumber, isObject } from '../../definitions/guards.ts'

export const some: Compiled = {
  Circle: () => v =>
      isObject(v) &&
      v.type === 'circle' &&
      (v.size === undefined || (isNumber(v.size) && v.size >= 0)),
  Figure: named => {
    const isCircle = named('Circle')
    const isSquare = named('Square')
    function oneOfFigure1(x: unknown): boolean {
      if (!isObject(x)) return false
      switch (x.type) {
        case 'circle': return isCircle(x)
        case 'square': return isSquare(x)
        default: return false
      }
    }
    return v => oneOfFigure1(v)
  },
}

export const none: Compiled = {}`)
})

test.each<[string, Schema]>([
  ['{type:"circle",size?:n(0,)}', definitions.Circle],
  ['{type:"square","x-y":_}', definitions.Square],
  ['Circle|Square', definitions.Figure],
  [
    'Circle&{a?:(Circle|Square)&Square}',
    { allOf: [circle, { type: 'object', properties: { a: { allOf: [definitions.Figure, square] } } }] },
  ],
  ['[s/i,100]', { type: 'array', items: { type: ['string', 'integer'] }, maxItems: 100 }],
  ['[]', { type: 'array' }],
  [
    '{a:[],b:"x"/"y",*:[Circle]}',
    {
      type: 'object',
      properties: { a: { type: 'array' }, b: { enum: ['x', 'y'] } },
      required: ['a', 'b'],
      additionalProperties: { type: 'array', items: circle },
    },
  ],
  ['{code:-5}', { type: 'object', properties: { code: { const: -5 } }, required: ['code'] }],
  ['i(0,5)', { type: 'integer', minimum: 0, maximum: 5 }],
])('%s', (written, schema) => {
  expect(notation(schema)).toBe(written)
  expect(notation(readShape(written))).toBe(written)
})

test.each<[Schema, string]>([
  [{ const: true }, 'the constant true is new'],
  [{ const: 'a"b' }, 'has signs that the notation cannot quote'],
  [{ type: 'function' }, 'type "function" is not known'],
])('what the notation cannot say is refused: %j', (schema, message) => {
  expect(() => notation(schema)).toThrow(message)
})
