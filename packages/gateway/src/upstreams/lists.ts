import type { Client } from '@interlock/client'
import type { Change, Prompt, Resource, ResourceTemplate, Tool } from '@interlock/protocol'

/** What one server offers, under its own names. */
export interface Lists {
  readonly tools: readonly Tool[]
  readonly resources: readonly Resource[]
  readonly templates: readonly ResourceTemplate[]
  readonly prompts: readonly Prompt[]
}

export type ListKind = Exclude<Change['kind'], 'resource'>

export const nothing: Lists = { tools: [], resources: [], templates: [], prompts: [] }

export const listKinds: readonly ListKind[] = ['tools', 'resources', 'prompts']

export const has = (lists: Lists, kind: ListKind): boolean =>
  lists[kind].length > 0 || (kind === 'resources' && lists.templates.length > 0)

/** Reads the lists of one kind. What the server does not offer is empty. Rejects when it cannot be read. */
export async function readLists(client: Client, kind: ListKind): Promise<Partial<Lists>> {
  const { capabilities } = client.server
  if (capabilities[kind] === undefined) return {}
  switch (kind) {
    case 'tools':
      return { tools: await client.listTools() }
    case 'prompts':
      return { prompts: await client.listPrompts() }
    case 'resources': {
      // Many servers that have resources have no templates, and some of them answer with an error.
      const templates = client.listResourceTemplates().catch(() => [])
      return { resources: await client.listResources(), templates: await templates }
    }
  }
}
