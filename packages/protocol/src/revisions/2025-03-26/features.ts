import type { Features } from '../../revision.ts'

export const features: Features = {
  era: 'legacy',
  batch: true,
  versionHeader: false,
  http: 'streamable',
  elicitation: 'none',
  samplingTools: false,
  structuredContent: 'none',
  resourceLinks: false,
  audio: true,
  completionContext: false,
  completionsCapability: true,
  resourceNotFound: -32002,
  tasks: 'none',
  resumable: true,
  streamPriming: false,
}
