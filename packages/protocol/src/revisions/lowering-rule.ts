/** One thing that a `lower.ts` does, in words. */
export interface LoweringRule {
  /** Rows of the lowering that do it: `results tools/call`, `requests elicitation/create`, `capabilities`, `info` … */
  readonly rows: readonly string[]
  /** Features of which it is true; the table of the bridge asks by these names. */
  readonly about: readonly string[]
  /** What becomes of them, to follow the words "lowered:". */
  readonly how: string
}
