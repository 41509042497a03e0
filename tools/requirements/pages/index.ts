import type { Page } from '../model.ts'
import { authorization } from './authorization.ts'
import { registration, serverDiscovery } from './authorization-clients.ts'
import { security } from './authorization-security.ts'
import { base } from './base.ts'
import { roots, sampling } from './client-features.ts'
import { elicitation } from './elicitation.ts'
import { changelog, deprecated, front } from './front.ts'
import { mrtr } from './mrtr.ts'
import { cancellation, patterns, progress, subscriptions } from './patterns.ts'
import { schema } from './schema.ts'
import { discover, prompts, resources } from './server-features.ts'
import { stdio } from './stdio.ts'
import { streamableHttp } from './streamable-http.ts'
import { toolsPage } from './tools.ts'
import { transports } from './transports.ts'
import { caching, completion, logging, pagination } from './utilities.ts'
import { versioning } from './versioning.ts'

/** Every page of the revision that asks anything, in the order of its table of contents. */
export const pages: readonly Page[] = [
  front,
  base,
  versioning,
  patterns,
  mrtr,
  cancellation,
  progress,
  subscriptions,
  transports,
  stdio,
  streamableHttp,
  authorization,
  serverDiscovery,
  registration,
  security,
  discover,
  prompts,
  resources,
  toolsPage,
  completion,
  logging,
  pagination,
  caching,
  elicitation,
  roots,
  sampling,
  schema,
  deprecated,
  changelog,
]
