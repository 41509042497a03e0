/** Numbers in [0, 1) that are the same on every run. */
export type Random = () => number

export function seeded(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

export const below = (limit: number, random: Random): number => Math.floor(random() * limit)

export function pick<Item>(items: readonly Item[], random: Random): Item {
  const item = items[below(items.length, random)]
  if (item === undefined) throw new Error('nothing to pick from')
  return item
}
