import type { ServerCapabilities } from '@interlock/protocol'
import { expect, test } from 'vitest'
import { foreignMethods, merged } from './extensions.ts'

const offering = (extensions: NonNullable<ServerCapabilities['extensions']>): ServerCapabilities => ({ extensions })

test('the extensions of all servers are offered together', () => {
  const servers = [offering({ 'com.example/rooms': { floors: 3 } }), {}, offering({ 'com.example/halls': {} })]

  expect(merged(servers, 'extensions')).toEqual({ 'com.example/rooms': { floors: 3 }, 'com.example/halls': {} })
})

test('of settings only those are told that all who have the extension agree on', () => {
  const servers = [
    offering({ 'com.example/rooms': { floors: 3, keys: ['a', { b: 1 }], lift: true } }),
    offering({ 'com.example/rooms': { floors: 4, keys: ['a', { b: 1 }] } }),
  ]

  expect(merged(servers, 'extensions')).toEqual({ 'com.example/rooms': { keys: ['a', { b: 1 }] } })
})

test('what the gateway has itself is not taken from its servers', () => {
  expect(merged([offering({ 'io.modelcontextprotocol/tasks': { theirs: true } })], 'extensions')).toEqual({})
})

test.each(['tools/call', 'ping', 'initialize', 'server/discover', 'tasks/result', 'resources/subscribe'])(
  '%s belongs to some revision, and is never passed on as a method of an extension',
  method => expect(foreignMethods.has(method)).toBe(false),
)

test('a method that no revision has may be one of an extension', () => {
  expect(foreignMethods.has('rooms/open')).toBe(true)
})
