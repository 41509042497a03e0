import { availableParallelism } from 'node:os'
import { clip } from '@interlock/protocol'
import { StartError } from '../start-error.ts'
import { workerLimits } from './limits.ts'

/**
 * How many processes `--workers` asks for.
 * @throws StartError for what is no number of processes
 */
export function workerCount(value: unknown): number {
  if (value === 'auto') return availableParallelism()
  const count = typeof value === 'string' && /^\d{1,5}$/.test(value) ? Number(value) : Number.NaN
  if (count >= 1 && count <= workerLimits.workers) return count
  const given = typeof value === 'string' ? `, not ${JSON.stringify(clip(value))}` : ''
  throw new StartError(2, `--workers must be a number from 1 to ${workerLimits.workers}, or auto${given}`)
}
