import type { Era } from '../load/messages.ts'
import { listeningOn, type Program } from '../machine/program.ts'

export type Transport = 'http' | 'stdio'

/** How a contestant replies: always so; `auto` is JSON until something goes before the reply; `line` is stdio's. */
export type Reply = 'json' | 'sse' | 'auto' | 'line'

export interface Contestant extends Program {
  readonly transport: Transport
  readonly era: Era
  readonly reply: Reply
}

/** The name of the contestants that others are measured against. */
export const bare = 'bare'

const v1 = 'sdk v1.32.2'
const v2 = 'sdk v2.4.0'

/** One row for each way in which a program is measured. */
export const contestants: readonly Contestant[] = [
  http(bare, 'legacy', 'json', 'bare-http.js'),
  http(bare, 'legacy', 'sse', 'bare-http.js'),
  http(v1, 'legacy', 'json', 'v1-http.js'),
  http(v1, 'legacy', 'sse', 'v1-http.js'),
  http(v2, 'legacy', 'json', 'v2-http.js'),
  http(v2, 'legacy', 'sse', 'v2-http.js'),
  http('interlock, zod', 'legacy', 'auto', 'ours.js', { SCHEMA: 'zod' }),
  http('interlock, jsonSchema()', 'legacy', 'auto', 'ours.js', { SCHEMA: 'json-schema' }),

  http(bare, 'modern', 'json', 'bare-http.js'),
  http(bare, 'modern', 'sse', 'bare-http.js'),
  http(v2, 'modern', 'auto', 'v2-http.js'),
  http('interlock, zod', 'modern', 'auto', 'ours.js', { SCHEMA: 'zod' }),
  http('interlock, jsonSchema()', 'modern', 'auto', 'ours.js', { SCHEMA: 'json-schema' }),

  stdio(bare, 'legacy', 'bare-stdio.js', { WRITE: 'each' }),
  stdio('bare, joined writes', 'legacy', 'bare-stdio.js'),
  stdio(v1, 'legacy', 'v1-stdio.js'),
  stdio(v2, 'legacy', 'v2-stdio.js'),
  stdio('interlock, zod', 'legacy', 'ours.js', { SCHEMA: 'zod' }),
  stdio('interlock, jsonSchema()', 'legacy', 'ours.js', { SCHEMA: 'json-schema' }),

  stdio(bare, 'modern', 'bare-stdio.js', { WRITE: 'each' }),
  stdio('bare, joined writes', 'modern', 'bare-stdio.js'),
  stdio(v2, 'modern', 'v2-stdio.js'),
  stdio('interlock, zod', 'modern', 'ours.js', { SCHEMA: 'zod' }),
  stdio('interlock, jsonSchema()', 'modern', 'ours.js', { SCHEMA: 'json-schema' }),
]

function http(
  name: string,
  era: Era,
  reply: Reply,
  script: string,
  env: Readonly<Record<string, string>> = {},
): Contestant {
  const all = { HTTP: '1', ERA: era, REPLY: reply, ...env }
  return { name, transport: 'http', era, reply, script, env: all, listens: listeningOn }
}

function stdio(name: string, era: Era, script: string, env: Readonly<Record<string, string>> = {}): Contestant {
  return { name, transport: 'stdio', era, reply: 'line', script, env }
}
