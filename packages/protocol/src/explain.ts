import type { Shapes } from './explanation.ts'

/**
 * Says in plain words where a value that failed a check first breaks its definition, as in
 * `params.arguments must be an object, not a string`. `root` is what the value is called. Only worth its time after a
 * check has said no: what it takes is loaded on first use.
 */
export async function explain(shapes: Shapes, definition: string, value: unknown, root = 'params'): Promise<string> {
  const { explanation } = await import('./explanation.ts')
  return explanation(shapes, definition, value, root)
}
