import { expect, test } from 'vitest'
import { renderChecks } from './checks.ts'
import { bare } from './schema.ts'
import { renderShapes } from './shapes.ts'
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

test('a union of tagged objects is one switch, and only what a root reaches is written', () => {
  expect(renderChecks(definitions, ['Figure'])).toBe(`import type * as t from './types.gen.ts'

type Members = Record<string, unknown>
const isObject = (v: unknown): v is Members => typeof v === 'object' && v !== null && !Array.isArray(v)
const isNumber = (v: unknown): v is number => Number.isFinite(v)

export function isCircle(v: unknown): v is t.Circle {
  return isObject(v) &&
    v.type === 'circle' &&
    (v.size === undefined || (isNumber(v.size) && v.size >= 0))
}

function oneOfFigure1(x: unknown): boolean {
  if (!isObject(x)) return false
  switch (x.type) {
    case 'circle': return isCircle(x)
    case 'square': return isSquare(x)
    default: return false
  }
}
export function isFigure(v: unknown): v is t.Figure {
  return oneOfFigure1(v)
}

export function isSquare(v: unknown): v is t.Square {
  return isObject(v) &&
    v.type === 'square' &&
    v['x-y'] !== undefined
}`)
})

test('shapes', () => {
  expect(renderShapes(definitions, ['Square'])).toBe(`import type { Shapes } from '../../revision.ts'

export const shapes: Shapes = {
  Square: { type: 'object', properties: { type: { const: 'square' }, 'x-y': {} }, required: ['type', 'x-y'] },
}`)
})
