import type { Features } from '../../revision.ts'

export const features: Features = {
  era: 'legacy',
  batch: false,
  versionHeader: true,
  http: 'streamable',
  elicitation: 'form',
  samplingTools: false,
  structuredContent: 'object',
  resourceLinks: true,
  audio: true,
  completionContext: true,
  completionsCapability: true,
  resourceNotFound: -32002,
  tasks: 'none',
  resumable: true,
  streamPriming: false,
}
