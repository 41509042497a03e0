import type { Lifting, Lowerings } from '../../revision.ts'
import { blocks, items, ofType, without } from '../lowering.ts'
import { askForm, readAnswer } from './form.ts'
import { oneBlock, withoutTools } from './sampling.ts'

const withoutIcons = without('icons')

/** From 2025-11-25. A URL cannot be asked for here; whether it may be is a feature that the asking side looks at. */
export const lower: Lowerings = {
  results: {
    ...blocks(ofType('resource_link', withoutIcons)),
    'tools/list': items('tools', without('icons', 'execution')),
    'resources/list': items('resources', withoutIcons),
    'resources/templates/list': items('resourceTemplates', withoutIcons),
    'prompts/list': items('prompts', withoutIcons),
    'sampling/createMessage': oneBlock,
  },
  requests: {
    'elicitation/create': askForm,
    'sampling/createMessage': withoutTools,
  },
  info: without('icons', 'description', 'websiteUrl'),
}

export const lift: Readonly<Record<string, Lifting>> = { 'elicitation/create': readAnswer }
