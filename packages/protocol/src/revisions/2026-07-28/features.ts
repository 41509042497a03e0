import type { Features } from '../../revision.ts'

export const features: Features = {
  era: 'modern',
  batch: false,
  versionHeader: true,
  http: 'streamable',
  elicitation: 'form+url',
  samplingTools: true,
  structuredContent: 'any',
  resourceLinks: true,
  audio: true,
  completionContext: true,
  completionsCapability: true,
  resourceNotFound: -32602,
  tasks: 'extension',
  resumable: false,
  streamPriming: false,
}
