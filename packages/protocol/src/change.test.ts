import { expect, test } from 'vitest'
import { type Change, changeBus } from './change.ts'

test('subscribers hear of what they are interested in, and of nothing else', () => {
  const bus = changeBus()
  const heard: Change[] = []
  bus.subscribe({ tools: true, prompts: false, uris: ['a:1', 'a:1', 'a:2'] }, change => heard.push(change))
  bus.publish({ kind: 'tools' })
  bus.publish({ kind: 'prompts' })
  bus.publish({ kind: 'resources' })
  bus.publish({ kind: 'resource', uri: 'a:1' })
  bus.publish({ kind: 'resource', uri: 'a:3' })
  expect(heard).toEqual([{ kind: 'tools' }, { kind: 'resource', uri: 'a:1' }])
})

test('a function that subscribed twice is told twice, and each subscription ends by itself', () => {
  const bus = changeBus()
  let told = 0
  const listener = (): void => {
    told += 1
  }
  const first = bus.subscribe({ tools: true }, listener)
  bus.subscribe({ tools: true }, listener)
  bus.publish({ kind: 'tools' })
  expect(told).toBe(2)
  first[Symbol.dispose]()
  first[Symbol.dispose]()
  bus.publish({ kind: 'tools' })
  expect(told).toBe(3)
})

test('a resource is watched from its first subscriber to its last', () => {
  const watched: string[] = []
  const bus = changeBus({ onWatch: uri => watched.push(`+${uri}`), onUnwatch: uri => watched.push(`-${uri}`) })
  const first = bus.subscribe({ uris: ['a:1'] }, () => {})
  const second = bus.subscribe({ uris: ['a:1', 'a:2'] }, () => {})
  first[Symbol.dispose]()
  expect(watched).toEqual(['+a:1', '+a:2'])
  second[Symbol.dispose]()
  second[Symbol.dispose]()
  expect(watched).toEqual(['+a:1', '+a:2', '-a:1', '-a:2'])
  bus.subscribe({ uris: ['a:1'] }, () => {})
  expect(watched.at(-1)).toBe('+a:1')
})

test('a subscription that ends while a change is told does not keep others from hearing it', () => {
  const bus = changeBus()
  const heard: string[] = []
  const first = bus.subscribe({ tools: true }, () => {
    heard.push('first')
    first[Symbol.dispose]()
  })
  bus.subscribe({ tools: true }, () => heard.push('second'))
  bus.publish({ kind: 'tools' })
  bus.publish({ kind: 'tools' })
  expect(heard).toEqual(['first', 'second', 'second'])
})

test('a subscription that was ended hears nothing more, not even of the change that is being told', () => {
  const bus = changeBus()
  const heard: string[] = []
  const ends: Disposable[] = []
  bus.subscribe({ tools: true }, () => ends[0]?.[Symbol.dispose]())
  ends.push(bus.subscribe({ tools: true }, () => heard.push('late')))
  bus.publish({ kind: 'tools' })
  expect(heard).toEqual([])
})
