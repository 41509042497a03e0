import type { Revision } from '../../revision.ts'
import { features } from './features.ts'
import { notifications, requests } from './methods.gen.ts'
import * as checks from './validate.gen.ts'

/** This folder as one value. The newest revision is the model itself, so nothing is lowered. */
export const revision: Revision = {
  version: '2026-07-28',
  features,
  requests,
  notifications,
  lower: {},
  lift: {},
  entries: {
    Tool: checks.isTool,
    Resource: checks.isResource,
    ResourceTemplate: checks.isResourceTemplate,
    Prompt: checks.isPrompt,
    ContentBlock: checks.isContentBlock,
    InputRequiredResult: checks.isInputRequiredResult,
  },
  shapes: async () => (await import('./shapes.gen.ts')).shapes,
}
