import type { ElicitRequestParams } from '@interlock/protocol'
import { expect, test } from 'vitest'
import { withDefaults } from './form-defaults.ts'

const form: ElicitRequestParams = {
  mode: 'form',
  message: 'Who are you?',
  requestedSchema: {
    type: 'object',
    properties: {
      name: { type: 'string', default: 'Ada' },
      age: { type: 'integer', default: 30 },
      news: { type: 'boolean', default: false },
      colours: { type: 'array', items: { type: 'string', enum: ['red', 'blue'] }, default: ['red'] },
      town: { type: 'string' },
    },
  },
}

test('fields that an accepted answer leaves out get their defaults', () => {
  expect(withDefaults(form, { action: 'accept', content: { name: 'Bob' } })).toEqual({
    action: 'accept',
    content: { name: 'Bob', age: 30, news: false, colours: ['red'] },
  })
  expect(withDefaults(form, { action: 'accept' })).toEqual({
    action: 'accept',
    content: { name: 'Ada', age: 30, news: false, colours: ['red'] },
  })
})

test.each(['decline', 'cancel'] as const)('nothing is filled in when the user says %s', action => {
  expect(withDefaults(form, { action })).toEqual({ action })
})

test('a page has no fields', () => {
  const page: ElicitRequestParams = { mode: 'url', message: 'Sign in', url: 'https://example.com/' }
  expect(withDefaults(page, { action: 'accept' })).toEqual({ action: 'accept' })
})
