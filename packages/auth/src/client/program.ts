import { isObject } from '../documents/json.ts'
import type { Grant, GrantCredentials } from './contract.ts'

/**
 * A program that acts in its own right, told from others by the grant and what it is known by. Its tokens are for it
 * alone, whatever account it runs under: no person's login is used for it, and it is none of a person's.
 */
export interface Program extends GrantCredentials {
  /** The grant's name. */
  readonly grant: string
}

/** Who gets tokens by a grant; `undefined` where that is a person. */
export const programOf = (
  grant: Pick<Grant, 'name' | 'isInteractive' | 'credentials'> | undefined,
): Program | undefined =>
  grant === undefined || grant.isInteractive ? undefined : { grant: grant.name, ...grant.credentials }

/** The same for every way to write one program. */
export const programKey = ({ grant, clientId = '', issuer = '', source = '' }: Program): readonly string[] => [
  grant,
  clientId,
  issuer,
  source,
]

export function isProgram(value: unknown): value is Program {
  if (!isObject(value)) return false
  const { grant, clientId, issuer, source } = value
  return (
    typeof grant === 'string' &&
    [clientId, issuer, source].every(text => text === undefined || typeof text === 'string')
  )
}
