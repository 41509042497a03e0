import { type Features, isObject, type Revision, revisions } from '@interlock/protocol'
import type { Way } from './way.ts'

type Shapes = Awaited<ReturnType<Revision['shapes']>>
type Shape = Shapes[string]

/** One feature of the protocol, tried through the gateway. */
export interface Cell {
  readonly title: string
  /** Pairs where there is such a thing at all. Default: all. */
  readonly where?: (near: Revision, far: Revision) => boolean
  run(way: Way): Promise<void>
}

type Pair = Pick<Way, 'near' | 'far'>

/** What only a hop that can do it carries. */
export const both = ({ near, far }: Pair, can: (features: Features) => boolean): boolean =>
  can(near.features) && can(far.features)

const shapes: ReadonlyMap<Revision, Shapes> = new Map(
  await Promise.all(revisions.map(async revision => [revision, await revision.shapes()] as const)),
)

/** Whether the schema of both revisions has a member. */
export const bothKnow = ({ near, far }: Pair, definition: string, member: string): boolean =>
  [near, far].every(revision => knows(revision, definition, member))

export const knows = (revision: Revision, definition: string, member: string): boolean =>
  hasMember(shapes.get(revision) ?? {}, { $ref: definition }, member)

function hasMember(all: Shapes, { $ref, properties, allOf = [] }: Shape, member: string): boolean {
  const meant = $ref === undefined ? undefined : all[$ref]
  return (
    (meant !== undefined && hasMember(all, meant, member)) ||
    Object.hasOwn(properties ?? {}, member) ||
    allOf.some(part => hasMember(all, part, member))
  )
}

/** How much of a structured result both hops carry. */
export function structure(pair: Pair): Features['structuredContent'] {
  if (!both(pair, ({ structuredContent }) => structuredContent !== 'none')) return 'none'
  return both(pair, ({ structuredContent }) => structuredContent === 'any') ? 'any' : 'object'
}

export const without = (value: object, ...names: readonly string[]): object =>
  Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)))

/** A result as the server made it: whoever passed it on signs it where the revision has that. */
export function unsigned(result: object): object {
  const { _meta, ...rest } = { _meta: undefined, ...result }
  const kept = without(isObject(_meta) ? _meta : {}, 'io.modelcontextprotocol/serverInfo')
  return Object.keys(kept).length === 0 ? rest : { ...rest, _meta: kept }
}

/** The JSON that a tool gave as text. */
export function said(result: object): unknown {
  const content: unknown = 'content' in result ? result.content : undefined
  const block: unknown = Array.isArray(content) ? content[0] : undefined
  return isObject(block) ? JSON.parse(String(block['text'])) : undefined
}
