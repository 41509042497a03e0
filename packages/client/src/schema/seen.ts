/** Which members and items of a value some keyword has looked at, for the keywords about those that none has. */
export class Seen {
  readonly names: Set<string> = new Set()
  readonly items: Set<number> = new Set()
  /** Items before this one. */
  itemsBefore = 0
  hasAllNames = false

  /** How much there is to copy. */
  get size(): number {
    return this.names.size + this.items.size
  }

  add(other: Seen): void {
    for (const name of other.names) this.names.add(name)
    for (const item of other.items) this.items.add(item)
    this.itemsBefore = Math.max(this.itemsBefore, other.itemsBefore)
    this.hasAllNames ||= other.hasAllNames
  }

  hasItem(at: number): boolean {
    return at < this.itemsBefore || this.items.has(at)
  }
}
