/** Words that handlers say about themselves, and whoever waits for one. */
export class Journal {
  readonly #said = new Set<string>()
  readonly #waiting = new Map<string, Set<() => void>>()
  /** Pages at which somebody has been, until that was made use of. */
  readonly paid: Set<string> = new Set()

  #rootsChanges = 0

  /** How often a client said that it has other roots. */
  get rootsChanges(): number {
    return this.#rootsChanges
  }

  rootsChanged(): void {
    this.#rootsChanges += 1
    this.say(`${this.#rootsChanges} changes of roots`)
  }

  say(word: string): void {
    this.#said.add(word)
    for (const resolve of this.#waiting.get(word) ?? []) resolve()
    this.#waiting.delete(word)
  }

  async until(word: string): Promise<void> {
    if (this.#said.has(word)) return
    await new Promise<void>(resolve => {
      this.#waiting.set(word, (this.#waiting.get(word) ?? new Set()).add(resolve))
    })
  }
}
