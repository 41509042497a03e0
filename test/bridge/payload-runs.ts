import { isObject } from '@interlock/protocol'
import { expect } from 'vitest'
import { examples } from '../../tools/bridge/examples.ts'
import { type Payload, type PayloadName, payloads } from '../../tools/bridge/payloads.ts'
import { type Cell, call, isList, type ListMethod, listed as listOf, named, type Run } from './cell.ts'
import { listings } from './entries.ts'
import { both, bothKnow, type Pair, structure, unsigned, without } from './expectations.ts'

type Members = Readonly<Record<string, unknown>>

/** A block as it arrives: itself, or the text that stands for it. */
function block(pair: Pair, sent: Members): Members {
  const { type, annotations, _meta, name, title, uri, description } = sent
  const instead = (text: unknown): Members => ({
    type: 'text',
    text,
    ...(annotations === undefined ? {} : { annotations }),
    ...(_meta === undefined ? {} : { _meta }),
  })
  switch (type) {
    case 'audio':
      return both(pair, ({ audio }) => audio) ? sent : instead(expect.stringContaining('audio/wav'))
    case 'resource_link': {
      const words = [`${String(title ?? name)}: ${String(uri)}`, ...(description === undefined ? [] : [description])]
      if (!both(pair, ({ resourceLinks }) => resourceLinks)) return instead(words.join('\n'))
      return bothKnow(pair, 'ResourceLink', 'icons') ? sent : without(sent, 'icons')
    }
    default:
      return sent
  }
}

/** A result of a tool as it arrives. */
function result(pair: Pair, sent: Members): Members {
  const { content, structuredContent, ...rest } = sent
  const blocks = (content as Members[]).map(one => block(pair, one)) // as the examples are written
  const carried = structure(pair)
  if (structuredContent === undefined || carried === 'any') return { ...sent, content: blocks }
  const isBare = blocks.length === 0
  if (carried === 'none')
    return { ...rest, content: isBare ? [{ type: 'text', text: JSON.stringify(structuredContent) }] : blocks }
  const fits = isObject(structuredContent) ? structuredContent : { result: structuredContent }
  return { ...rest, content: blocks, structuredContent: fits }
}

/** What arrives is what the table says: all of it, or something else. */
function judged({ rule }: Cell, sent: unknown, expected: unknown): void {
  if (rule.kind === 'carried') expect(sent).toEqual(expected)
  else expect(sent).not.toEqual(expected)
}

/** The member that a feature is about, and of which tool, where that is not the one with everything. */
const members: Readonly<Record<string, readonly [member: string, definition: string]>> = {
  toolTitle: ['title', 'Tool'],
  toolIcons: ['icons', 'Tool'],
  toolAnnotations: ['annotations', 'Tool'],
  toolMeta: ['_meta', 'Tool'],
  resourceTitle: ['title', 'Resource'],
  resourceIcons: ['icons', 'Resource'],
  templateTitle: ['title', 'ResourceTemplate'],
  templateIcons: ['icons', 'ResourceTemplate'],
  promptTitle: ['title', 'Prompt'],
  promptIcons: ['icons', 'Prompt'],
}

/** The whole entry is compared; the table must have said whether the member that the feature is about is left. */
async function listed(cell: Cell, { about }: Payload, method: ListMethod): Promise<void> {
  const all = await listOf(cell.end, method)
  const isCarried = cell.rule.kind === 'carried'
  if (about.startsWith('outputSchema')) {
    const isAny = about === 'outputSchemaAny'
    expect(isCarried).toBe(isAny ? structure(cell) === 'any' : structure(cell) !== 'none')
    if (!isAny) return totals(cell, all)
  } else {
    const [member = '', definition = ''] = members[about] ?? []
    expect(isCarried).toBe(member === '_meta' || bothKnow(cell, definition, member))
  }
  const { of, arriving } = listings[method]
  expect(all.find(({ name, uri, uriTemplate }) => [name, uri, uriTemplate].includes(of))).toEqual(arriving(cell))
}

function totals(cell: Cell, all: readonly { readonly name: string }[]): void {
  const found: object | undefined = all.find(({ name }) => name === named('totalled'))
  const schema = { type: 'object', properties: { total: { type: 'number' } } }
  if (cell.rule.kind === 'carried') expect(found).toMatchObject({ outputSchema: schema })
  else expect(Object.keys(found ?? {})).not.toContain('outputSchema')
}

async function progress(cell: Cell): Promise<void> {
  const heard: { readonly message?: string }[] = []
  await call(cell.end, 'count', {}, { onProgress: step => heard.push(step) })
  const messages = ['counted 1', 'counted 2', 'counted 3']
  const carried = cell.rule.kind === 'carried' ? messages : [undefined, undefined, undefined]
  expect(heard.map(({ message }) => message)).toEqual(carried)
}

const run =
  (payload: Payload): Run =>
  async cell => {
    const { about, kind, method, value } = payload
    if (kind === 'notifications') return progress(cell)
    if (isList(method)) return listed(cell, payload, method)
    if (method === 'prompts/get') {
      const sent = examples.prompt.messages
      const expected = sent.map(({ role, content }) => ({ role, content: block(cell, { ...content }) }))
      judged(cell, sent, expected)
      const { messages } = await cell.end.request('prompts/get', { name: named('rich') })
      return expect(messages).toEqual(expected)
    }
    const expected = result(cell, value)
    judged(cell, value, expected)
    expect(unsigned(await call(cell.end, 'rich', { kind: about }))).toEqual(expected)
  }

export const payloadRuns: Readonly<Record<PayloadName, Run>> = Object.fromEntries(
  Object.entries(payloads).map(([name, payload]) => [name, run(payload)]),
) as Record<PayloadName, Run> // one for each of the table
