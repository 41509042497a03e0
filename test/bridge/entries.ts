import { exposedName } from '@interlock/gateway'
import { expect } from 'vitest'
import { listed } from '../../tools/bridge/examples.ts'
import { type Cell, type ListMethod, named, uriOf } from './cell.ts'
import { bothKnow, type Pair, structure } from './expectations.ts'
import { behind } from './hop.ts'

type Members = Readonly<Record<string, unknown>>

/** What a tool, a prompt, a resource or a template says of itself when it arrives. */
export interface Listing {
  /** Name or URI. */
  readonly of: string
  arriving(cell: Cell): Members
}

/** Without what one of the two schemas does not know. */
const known = (pair: Pair, definition: string, members: Members): Members =>
  Object.fromEntries(Object.entries(members).filter(([name]) => name === '_meta' || bothKnow(pair, definition, name)))

const { title, annotations, ...tool } = listed.tool

/** Where tools have no title of their own, their annotations have one, if there are any. */
function toolTitle(pair: Pair): Members {
  if (!bothKnow(pair, 'Tool', 'annotations')) return {}
  return bothKnow(pair, 'Tool', 'title') ? { title, annotations } : { annotations: { ...annotations, title } }
}

const array = { type: 'array', items: { type: 'number' } }

/** The schema of what is no object, where such things are. */
const outputSchema = (pair: Pair): Members =>
  ({
    none: {},
    object: {
      outputSchema: expect.objectContaining({ type: 'object', properties: { result: expect.objectContaining(array) } }),
    },
    any: { outputSchema: expect.objectContaining(array) },
  })[structure(pair)]

/** Where servers make tasks of what they like, clients that have to ask for tasks are told that they may. */
const taskSupport = ({ client, server, route }: Cell): Members =>
  route.server.make === 'own' && client.features.tasks === 'core' && server.features.tasks === 'extension'
    ? { execution: { taskSupport: 'optional' } }
    : {}

export const listings: Readonly<Record<ListMethod, Listing>> = {
  'tools/list': {
    of: named('listed'),
    arriving: pair => ({
      ...known(pair, 'Tool', tool),
      ...toolTitle(pair),
      ...outputSchema(pair),
      ...taskSupport(pair),
      name: named('listed'),
      inputSchema: { type: 'object', properties: {} },
    }),
  },
  'prompts/list': {
    of: named('paint'),
    arriving: pair => ({
      ...known(pair, 'Prompt', listed.prompt),
      name: named('paint'),
      arguments: [{ name: 'colour', required: false }],
    }),
  },
  'resources/list': {
    of: uriOf('visits'),
    arriving: pair => ({
      ...known(pair, 'Resource', listed.resource),
      name: named('visits'),
      uri: uriOf('visits'),
    }),
  },
  'resources/templates/list': {
    of: uriOf('colours/{colour}'),
    arriving: pair => ({
      ...known(pair, 'ResourceTemplate', listed.template),
      name: exposedName(behind, 'colours'),
      uriTemplate: uriOf('colours/{colour}'),
    }),
  },
}
