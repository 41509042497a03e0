import { type ClientChecks, type Features, isObject, type Revision, receivedByClients } from '@interlock/protocol'

type Shape = ReturnType<ClientChecks['shape']>

/** A client and a server, each of one revision. */
export interface Pair {
  readonly client: Revision
  readonly server: Revision
}

/** What only a pair that can do it carries. */
export const both = ({ client, server }: Pair, can: (features: Features) => boolean): boolean =>
  can(client.features) && can(server.features)

/** Whether the schema of both revisions has a member: what is to arrive follows from that, whatever our lowering says. */
export const bothKnow = ({ client, server }: Pair, definition: string, member: string): boolean =>
  [client, server].every(revision => hasMember(receivedByClients(revision), { $ref: definition }, member))

function hasMember(all: ClientChecks, { $ref, properties, allOf = [] }: Shape, member: string): boolean {
  const meant = $ref === undefined ? undefined : all.shape($ref)
  return (
    (meant !== undefined && hasMember(all, meant, member)) ||
    Object.hasOwn(properties ?? {}, member) ||
    allOf.some(part => hasMember(all, part, member))
  )
}

/** How much of a structured result a pair carries. */
export function structure(pair: Pair): Features['structuredContent'] {
  if (!both(pair, ({ structuredContent }) => structuredContent !== 'none')) return 'none'
  return both(pair, ({ structuredContent }) => structuredContent === 'any') ? 'any' : 'object'
}

export const without = (value: object, ...names: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)))

/** A result as the server made it: whoever passed it on signs it where the revision has that. */
export function unsigned(result: object): object {
  const { _meta, ...rest } = { _meta: undefined, ...without(result, 'resultType') }
  const kept = without(isObject(_meta) ? _meta : {}, 'io.modelcontextprotocol/serverInfo')
  return Object.keys(kept).length === 0 ? rest : { ...rest, _meta: kept }
}
