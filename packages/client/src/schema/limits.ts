/** Limits on what a schema that a server wrote, and a value that it sent, can make a check do. */
export const schemaLimits = {
  /**
   * Steps of one check: a keyword, a member, an item, or one state of a pattern at one character. All of them take some
   * 40 ms at worst, so that nobody else waits for 100, and a table of a thousand rows of four cells needs a sixth.
   */
  steps: 150_000,
  /** Schemas applied within one another. References and values that nest exhaust it long before the stack. */
  depth: 250,
  /** Objects, arrays and values of one schema document. The largest published ones have some thousands. */
  nodes: 20_000,
  /** Characters of a `pattern`. The platform reads it once before it is run here. */
  patternLength: 1_000,
} as const
