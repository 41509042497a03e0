/** What the checks in `compiled.gen.ts` have in common. */
export const isObject = (v: unknown): v is Record<string, unknown> =>
  typeof v === 'object' && v !== null && !Array.isArray(v)

export const isNumber = (v: unknown): v is number => Number.isFinite(v)

export const isInteger = (v: unknown): v is number => Number.isInteger(v)
