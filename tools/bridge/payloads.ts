import { isDeepStrictEqual } from 'node:util'
import type { Revision } from '../../packages/protocol/src/revision.ts'
import { revisions } from '../../packages/protocol/src/revisions/index.ts'
import { type LoweringRule, rulesOf } from '../../packages/protocol/src/revisions/rules.ts'
import { examples, listed } from './examples.ts'
import { carried, type Judge, lowered } from './rule.ts'

type Members = Record<string, unknown>

/** A feature that is nothing but a shape of what servers send. */
export interface Payload {
  /** What the lowering rules call it. */
  readonly about: string
  readonly kind: 'results' | 'notifications'
  readonly method: string
  /** As the newest revision has it. */
  readonly value: Members
}

const result = (about: string, value: Members | undefined = examples.results[about]): Payload => ({
  about,
  kind: 'results',
  method: 'tools/call',
  value: { ...value },
})

const tools = (about: string, members: Members): Payload => ({
  about,
  kind: 'results',
  method: 'tools/list',
  value: { tools: [{ name: 't', inputSchema: { type: 'object' }, ...members }] },
})

const entry = (about: string, method: string, list: string, member: Members): Payload => ({
  about,
  kind: 'results',
  method,
  value: { [list]: [member] },
})

const { icons } = listed.tool

/** By the name under which the table shows them. */
export const payloads = {
  text: result('text'),
  'annotations of content': result('annotations'),
  images: result('image'),
  audio: result('audio'),
  'resource links': result('link'),
  'icons of resource links': result('linkIcons'),
  'embedded text': result('embedded'),
  'embedded bytes': result('blob'),
  'structured content that is an object': result('structured'),
  'structured content without text': result('structuredOnly'),
  'structured content that is no object': result('structuredList'),
  '`_meta` of results and of content': result('meta'),
  'unknown members of results and of content': result('unknown'),
  'content of prompts': {
    about: 'promptContent',
    kind: 'results',
    method: 'prompts/get',
    value: { ...examples.prompt },
  },
  'titles of tools': tools('toolTitle', { title: 'T' }),
  'icons of tools': tools('toolIcons', { icons }),
  'annotations of tools': tools('toolAnnotations', { annotations: { readOnlyHint: true } }),
  'output schemas that are of objects': tools('outputSchema', { outputSchema: { type: 'object' } }),
  'other output schemas': tools('outputSchemaAny', { outputSchema: { type: 'array', items: { type: 'number' } } }),
  '`_meta` of tools': tools('toolMeta', { _meta: { 'example.com/t': 1 } }),
  'titles of resources': entry('resourceTitle', 'resources/list', 'resources', { uri: 'a://b', name: 'b', title: 'B' }),
  'icons of resources': entry('resourceIcons', 'resources/list', 'resources', { uri: 'a://b', name: 'b', icons }),
  'titles of templates': entry('templateTitle', 'resources/templates/list', 'resourceTemplates', {
    uriTemplate: 'a://{b}',
    name: 'b',
    title: 'B',
  }),
  'icons of templates': entry('templateIcons', 'resources/templates/list', 'resourceTemplates', {
    uriTemplate: 'a://{b}',
    name: 'b',
    icons,
  }),
  'titles of prompts': entry('promptTitle', 'prompts/list', 'prompts', { name: 'p', title: 'P' }),
  'icons of prompts': entry('promptIcons', 'prompts/list', 'prompts', { name: 'p', icons }),
  'messages of progress': {
    about: 'progressMessage',
    kind: 'notifications',
    method: 'notifications/progress',
    value: { progressToken: 1, progress: 1, total: 3, message: 'counted 1' },
  },
} as const satisfies Readonly<Record<string, Payload>>

export type PayloadName = keyof typeof payloads

/** What arrives of a payload: both sides lower it with the functions that they run. */
export function arriving(client: Revision, server: Revision, { kind, method, value }: Payload): Members {
  const sent = server.lower[kind]?.[method]?.(value) ?? value
  return client.lower[kind]?.[method]?.(sent) ?? sent
}

/** Carried where nothing changes on the way; else lowered by the rules of all steps down to the older side. */
export const judgePayload =
  (payload: Payload): Judge =>
  (client, server) => {
    if (isDeepStrictEqual(arriving(client, server, payload), payload.value)) return carried
    const rules = stepsTo(client, server).filter(({ about }) => about.includes(payload.about))
    if (rules.length === 0) throw new Error(`no rule says how "${payload.about}" comes to ${client.version}`)
    return lowered(rules.map(({ how }) => how).join('; then '))
  }

/** The rules of the steps from the newest revision down to the older of the two. */
function stepsTo(client: Revision, server: Revision): readonly LoweringRule[] {
  const oldest = Math.max(revisions.indexOf(client), revisions.indexOf(server))
  return revisions.slice(0, oldest + 1).flatMap(({ version }) => rulesOf(version))
}
