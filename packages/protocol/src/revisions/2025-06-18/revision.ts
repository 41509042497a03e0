import type { Revision } from '../../revision.ts'
import { features } from './features.ts'
import { lift, lower } from './lower.ts'
import { notifications, requests } from './methods.gen.ts'
import * as checks from './validate.gen.ts'

/** This folder as one value; `lower` is the step from the next newer revision until `compose` joins the steps. */
export const revision: Revision = {
  version: '2025-06-18',
  features,
  requests,
  notifications,
  lower,
  lift,
  entries: {
    Tool: checks.isTool,
    Resource: checks.isResource,
    ResourceTemplate: checks.isResourceTemplate,
    Prompt: checks.isPrompt,
    ContentBlock: checks.isContentBlock,
  },
  shapes: async () => (await import('./shapes.gen.ts')).shapes,
}
