import { expect, test } from 'vitest'
import { IdMap } from './id-map.ts'

test('what was added under an id is found and taken out by it, numbers and texts apart', () => {
  const map = new IdMap<string>()
  map.add(1, 'number')
  map.add('1', 'text')
  expect(map.get(1)).toBe('number')
  expect(map.get('1')).toBe('text')
  expect(map.delete(1)).toBe('number')
  expect(map.has(1)).toBe(false)
  expect(map.delete(1)).toBeUndefined()
  expect(map.get('1')).toBe('text')
  expect(map.size).toBe(1)
})

test('does as a Map does, whatever comes and goes', () => {
  const map = new IdMap<number>()
  const known = new Map<string | number, number>()
  const ids = [0, -1, 2 ** 40, 0.5, '', 'é', ...Array.from({ length: 300 }, (_, at) => (at % 2 ? at : `id-${at}`))]
  for (let step = 0; step < 5_000; step += 1) {
    const id = ids[(step * 7919) % ids.length] ?? 0
    if (known.has(id)) {
      expect(map.delete(id)).toBe(known.get(id))
      known.delete(id)
    } else {
      map.add(id, step)
      known.set(id, step)
    }
    expect(map.size).toBe(known.size)
  }
  for (const id of ids) expect(map.get(id)).toBe(known.get(id))
  expect(map.values().sort()).toEqual([...known.values()].sort())
})

test('ids that all fall together are told apart', () => {
  const map = new IdMap<number>()
  const ids = Array.from({ length: 1_000 }, (_, at) => `${at}`.padStart(4, '0') + 'same end')
  for (const [at, id] of ids.entries()) map.add(id, at)
  expect(ids.map(id => map.get(id))).toEqual(ids.map((_, at) => at))
  expect(ids.map(id => map.delete(id))).toEqual(ids.map((_, at) => at))
  expect(map.size).toBe(0)
})
