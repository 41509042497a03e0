import type { RequestId } from './jsonrpc/message.ts'

interface Entry<Value> {
  readonly id: RequestId
  readonly value: Value
  next: Entry<Value> | undefined
}

/** Characters of an id that tell it from others: counters and random texts differ at their end. */
const told = 8

/**
 * What is known by request ids that come and go, a `Map` but for what `Places` says of one that lives long. Ids that a peer
 * has chosen to collide cost a look at each of them.
 */
export class IdMap<Value> {
  #buckets = buckets<Value>(8)
  #size = 0

  get size(): number {
    return this.#size
  }

  get(id: RequestId): Value | undefined {
    return this.#find(id)?.value
  }

  has(id: RequestId): boolean {
    return this.#find(id) !== undefined
  }

  /** @param id one that is not there yet */
  add(id: RequestId, value: Value): void {
    if (this.#size >= this.#buckets.length) this.#grow()
    this.#put({ id, value, next: undefined })
    this.#size += 1
  }

  /** @returns what was there */
  delete(id: RequestId): Value | undefined {
    const bucket = this.#bucketOf(id)
    let before: Entry<Value> | undefined
    for (let entry = this.#buckets[bucket]; entry !== undefined; entry = entry.next) {
      if (entry.id === id) {
        if (before === undefined) this.#buckets[bucket] = entry.next
        else before.next = entry.next
        entry.next = undefined // an entry that has grown old would keep the next one
        this.#size -= 1
        return entry.value
      }
      before = entry
    }
    return undefined
  }

  /** All values, in no order. */
  values(): Value[] {
    const all: Value[] = []
    for (const first of this.#buckets) {
      for (let entry = first; entry !== undefined; entry = entry.next) all.push(entry.value)
    }
    return all
  }

  #find(id: RequestId): Entry<Value> | undefined {
    let entry = this.#buckets[this.#bucketOf(id)]
    while (entry !== undefined && entry.id !== id) entry = entry.next
    return entry
  }

  #put(entry: Entry<Value>): void {
    const bucket = this.#bucketOf(entry.id)
    entry.next = this.#buckets[bucket]
    this.#buckets[bucket] = entry
  }

  #grow(): void {
    const old = this.#buckets
    this.#buckets = buckets(old.length * 2)
    for (const first of old) {
      for (let entry = first, next = first?.next; entry !== undefined; entry = next, next = entry?.next)
        this.#put(entry)
    }
  }

  /** There are as many buckets as a power of two. */
  #bucketOf(id: RequestId): number {
    return (typeof id === 'number' ? id : hash(id)) & (this.#buckets.length - 1)
  }
}

const buckets = <Value>(length: number): (Entry<Value> | undefined)[] => Array.from({ length }, () => undefined)

function hash(text: string): number {
  let sum = text.length
  for (let at = Math.max(0, text.length - told); at < text.length; at += 1) sum = (sum * 31 + text.charCodeAt(at)) | 0
  return sum ^ (sum >>> 5)
}
