import type { Client } from '@interlock/client'
import {
  clip,
  type Prompt,
  type Resource,
  type ResourceTemplate,
  type Tool,
  TransportError,
  tasksExtension,
} from '@interlock/protocol'
import { type Freshness, forever, hinting } from './freshness.ts'
import { upstreamLimits } from './limits.ts'

/** What one server offers, under its own names. */
export interface Lists {
  readonly tools: readonly Tool[]
  readonly resources: readonly Resource[]
  readonly templates: readonly ResourceTemplate[]
  readonly prompts: readonly Prompt[]
  /** How long each list may be kept, where its server says. */
  readonly freshness?: Readonly<Partial<Record<ListName, Freshness>>>
}

export type ListName = 'tools' | 'resources' | 'templates' | 'prompts'

export type ListKind = 'tools' | 'resources' | 'prompts'

export const nothing: Lists = { tools: [], resources: [], templates: [], prompts: [] }

/** What a server that is not to be started offers, as long as the gateway runs. */
export const nothingEver: Lists = {
  ...nothing,
  freshness: { tools: forever, resources: forever, templates: forever, prompts: forever },
}

export const listKinds: readonly ListKind[] = ['tools', 'resources', 'prompts']

export const has = (lists: Lists, kind: ListKind): boolean =>
  lists[kind].length > 0 || (kind === 'resources' && lists.templates.length > 0)

/** Whether two states of a server's lists look the same to its clients. */
export const areSame = (one: Lists, other: Lists, kind: ListKind): boolean =>
  JSON.stringify(one[kind]) === JSON.stringify(other[kind]) &&
  (kind !== 'resources' || JSON.stringify(one.templates) === JSON.stringify(other.templates))

type Note = (what: string) => void

/**
 * Reads the lists of one kind. What the server does not offer is empty; what cannot be offered as it is listed is left out
 * and noted. Rejects when the list cannot be read.
 */
export async function readLists(client: Client, kind: ListKind, note: Note): Promise<Partial<Lists>> {
  const { capabilities } = client.server
  if (capabilities[kind] === undefined) {
    return { freshness: kind === 'resources' ? { resources: forever, templates: forever } : { [kind]: forever } }
  }
  const [one, other] = [hinting(), hinting()]
  switch (kind) {
    case 'tools': {
      const tools = taskable(client, withoutRepeats('tool', await client.listTools(one.options), note))
      return { tools, freshness: { tools: one.freshness() } }
    }
    case 'prompts': {
      const prompts = withoutRepeats('prompt', await client.listPrompts(one.options), note)
      return { prompts, freshness: { prompts: one.freshness() } }
    }
    case 'resources': {
      // Many servers that have resources have no templates, and some of them answer with an error.
      const listed = client.listResourceTemplates(other.options).catch(() => [])
      const resources = await client.listResources(one.options)
      const templates = matched(await listed, note)
      return { resources, templates, freshness: { resources: one.freshness(), templates: other.freshness() } }
    }
  }
}

/** Whether a list could not be read because there is no server any more. */
export const hasEnded = (error: unknown): boolean =>
  error instanceof TransportError && ['exited', 'closed', 'unreachable'].includes(error.code)

/** What stands in a template before its first variable: a URI without it cannot have come from the template. */
export const literalPrefix = (template: string): string => template.split('{', 1)[0] ?? ''

/** A name leads to one thing: clients refuse lists in which it stands twice. */
function withoutRepeats<Entry extends { readonly name: string }>(what: string, entries: Entry[], note: Note): Entry[] {
  const seen = new Set<string>()
  return entries.filter(({ name }) => {
    if (!seen.has(name)) return seen.add(name)
    note(`lists the ${what} ${JSON.stringify(clip(name))} more than once; the first is kept`)
    return false
  })
}

/**
 * A server that decides itself what becomes a task says so of no tool; clients of revision 2025-11-25, who decide, may ask
 * for one of any (Tasks, Tool-Level Negotiation). Other clients are not told.
 */
function taskable({ server }: Client, tools: Tool[]): Tool[] {
  if (server.revision.features.tasks !== 'extension' || !server.capabilities.extensions?.[tasksExtension]) return tools
  return tools.map(tool => ({ ...tool, execution: { taskSupport: 'optional' } }))
}

function matched(templates: ResourceTemplate[], note: Note): ResourceTemplate[] {
  const kept = templates.slice(0, upstreamLimits.templates)
  if (kept.length < templates.length) {
    note(`lists ${templates.length} resource templates; only the first ${kept.length} are offered`)
  }
  for (const { uriTemplate } of kept) {
    if (literalPrefix(uriTemplate) !== '') continue
    note(`the resource template ${JSON.stringify(clip(uriTemplate))} fits almost any URI; it is tried last`)
  }
  return kept
}
