import { expect, test } from 'vitest'
import { Places } from './places.ts'

test('an item is there from when it is added until its place is given back', () => {
  const places = new Places<string>()
  const [a, b] = [places.add('a'), places.add('b')]
  expect([...places]).toEqual(['a', 'b'])
  places.remove(a)
  expect([...places]).toEqual(['b'])
  expect(places.size).toBe(1)
  places.remove(b)
  expect([...places]).toEqual([])
  expect(places.size).toBe(0)
})

test('places are given again, so that what comes and goes takes no more of them', () => {
  const places = new Places<number>()
  const taken = new Set<number>()
  for (let round = 0; round < 100; round += 1) {
    const held = Array.from({ length: 8 }, (_, at) => places.add(at))
    expect(new Set(held).size).toBe(8)
    for (const place of held) {
      taken.add(place)
      places.remove(place)
    }
  }
  expect(taken.size).toBe(8)
})
