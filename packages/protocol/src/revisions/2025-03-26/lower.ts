import type { Lowering, Lowerings } from '../../revision.ts'
import { blocks, chain, isObject, items, type Members, ofType, textInstead, without } from '../lowering.ts'

const withoutTitle = without('title')

/** Tools have a place for a title in their annotations. */
const titleToAnnotations: Lowering = tool => {
  if (tool.title === undefined) return tool
  const annotations = isObject(tool.annotations) ? tool.annotations : {}
  return { ...withoutTitle(tool), annotations: { title: tool.title, ...annotations } }
}

const linkAsText = ofType('resource_link', link => textInstead(link, describe(link)))

function describe({ name, title, uri, description }: Members): string {
  const line = `${String(title ?? name)}: ${String(uri)}`
  return typeof description === 'string' ? `${line}\n${description}` : line
}

/** Tools are asked to say as text what they say as structure. Where one did not, the structure itself is the text. */
const structureAsText: Lowering = result => {
  const { structuredContent, content } = result
  if (structuredContent === undefined) return result
  const kept = without('structuredContent')(result)
  if (Array.isArray(content) && content.length > 0) return kept
  return { ...kept, content: [{ type: 'text', text: JSON.stringify(structuredContent) }] }
}

const links = blocks(linkAsText)

/** From 2025-06-18. */
export const lower: Lowerings = {
  results: {
    'tools/list': items('tools', chain(without('outputSchema'), titleToAnnotations)),
    'tools/call': chain(structureAsText, links['tools/call']),
    'prompts/get': links['prompts/get'],
    'resources/list': items('resources', withoutTitle),
    'resources/templates/list': items('resourceTemplates', withoutTitle),
    'prompts/list': items('prompts', chain(withoutTitle, items('arguments', withoutTitle))),
  },
  info: withoutTitle,
}
