/**
 * What comes and goes: each item gets a place, by which it is taken out again. For what lives for one call, in something
 * that lives long.
 *
 * A `Set` or `Map` does not do there: once it has grown old, V8 allocates each of its further tables among the old objects,
 * and what a table held when it was replaced lives on with it until the next full collection, and so does everything that
 * hangs on that. Measured with 32 entries that come and go, of 1 KB each: 4.1 s of CPU time for two million, all of them
 * promoted; here 0.9 s, and none.
 */
export class Places<Item> {
  readonly #items: (Item | undefined)[] = []
  /** Places that are free again: the first `#spare` entries. */
  readonly #free: number[] = []
  #spare = 0

  get size(): number {
    return this.#items.length - this.#spare
  }

  /** @returns its place */
  add(item: Item): number {
    if (this.#spare === 0) return this.#items.push(item) - 1
    this.#spare -= 1
    const place = this.#free[this.#spare] ?? 0
    this.#items[place] = item
    return place
  }

  /** @param place that `add` returned, once */
  remove(place: number): void {
    this.#items[place] = undefined
    this.#free[this.#spare] = place
    this.#spare += 1
  }

  /** In no order. What is added meanwhile may be left out. */
  *[Symbol.iterator](): Generator<Item> {
    for (const item of this.#items) if (item !== undefined) yield item
  }
}
