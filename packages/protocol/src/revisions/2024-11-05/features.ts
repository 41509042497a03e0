import type { Features } from '../../revision.ts'

export const features: Features = {
  era: 'legacy',
  batch: false,
  versionHeader: false,
  http: 'sse',
  elicitation: 'none',
  samplingTools: false,
  structuredContent: 'none',
  resourceLinks: false,
  audio: false,
  completionContext: false,
  completionsCapability: false,
  resourceNotFound: -32002,
  tasks: 'none',
  resumable: false,
  streamPriming: false,
}
