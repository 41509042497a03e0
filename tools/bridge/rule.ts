import type { Revision } from '../../packages/protocol/src/revision.ts'

/** What becomes of a feature between a client and a server of these revisions. */
export type Rule =
  /** It arrives as it was meant; `how` says by what, where the two revisions do it in different ways. */
  | { readonly kind: 'carried'; readonly how?: string }
  /** It arrives in words that the older side has. */
  | { readonly kind: 'lowered'; readonly how: string }
  /** The server or the client is told that it cannot be. */
  | { readonly kind: 'refused'; readonly how: string }
  /** The server's revision has no such thing, so there is nothing to carry. */
  | { readonly kind: 'absent' }

export type Judge = (client: Revision, server: Revision) => Rule

export const carried: Rule = { kind: 'carried' }
export const absent: Rule = { kind: 'absent' }
export const carriedBy = (how: string): Rule => ({ kind: 'carried', how })
export const lowered = (how: string): Rule => ({ kind: 'lowered', how })
export const refused = (how: string): Rule => ({ kind: 'refused', how })

export const always: Judge = () => carried
export const isModern = ({ features }: Revision): boolean => features.era === 'modern'
