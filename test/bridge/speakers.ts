import { connect } from '@interlock/client'
import { type CreateMessageResult, type ElicitResult, newest } from '@interlock/protocol'
import { Client as ClientV2, StreamableHTTPClientTransport as HttpV2 } from '@modelcontextprotocol/client'
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport as HttpV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import {
  CallToolResultSchema,
  CreateMessageRequestSchema,
  ElicitRequestSchema,
  ListRootsRequestSchema,
  ToolListChangedNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js'
import { type Seen, seen } from '../support/events.ts'

export interface Options {
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: { readonly progress: number }) => void
}

export interface Result {
  readonly content: readonly object[]
  readonly isError?: boolean | undefined
}

/** A connected client of whatever make: what is tried with each of them, in the same words. */
export interface Speaker {
  callTool(name: string, args: Readonly<Record<string, unknown>>, options?: Options): Promise<Result>
  toolNames(): Promise<readonly string[]>
  /** Hears each time that the list of tools has changed. */
  readonly changes: Seen<'tools'>
  close(): Promise<unknown>
}

/** What the person at each client answers. */
export const answers: { form: ElicitResult; sample: CreateMessageResult; roots: { uri: string; name: string }[] } = {
  form: { action: 'accept', content: { day: 'Monday' } },
  sample: { role: 'assistant', model: 'm', content: { type: 'text', text: 'word' } },
  roots: [{ uri: 'file:///home', name: 'home' }],
}

export type Speak = (url: URL) => Promise<Speaker>

const capabilities = { elicitation: {}, sampling: {}, roots: {} }

/** Our own, in the revisions given. */
export const own =
  (...revisions: readonly string[]): Speak =>
  async url => {
    const changes = seen<'tools'>('change')
    const client = await connect(url, {
      revisions,
      onElicit: () => answers.form,
      onSample: () => answers.sample,
      onRoots: () => answers.roots,
    })
    client.onChange(() => changes.add('tools'), { tools: true })
    return {
      changes,
      callTool: (name, args, options) => client.callTool(name, args, options),
      toolNames: async () => (await client.listTools()).map(({ name }) => name),
      close: () => client.close(),
    }
  }

/** The official client of the first generation. */
export const v1: Speak = async url => {
  const changes = seen<'tools'>('change')
  const client = new ClientV1({ name: 'v1', version: '1.0.0' }, { capabilities })
  client.setRequestHandler(ElicitRequestSchema, () => ({ ...answers.form }))
  client.setRequestHandler(CreateMessageRequestSchema, () => ({ ...answers.sample }) as never) // another library's type
  client.setRequestHandler(ListRootsRequestSchema, () => ({ roots: answers.roots }))
  client.setNotificationHandler(ToolListChangedNotificationSchema, () => changes.add('tools'))
  // The transport's `sessionId` is optional in another sense than this project's compiler takes it.
  await client.connect(new HttpV1(url) as Parameters<ClientV1['connect']>[0])
  return {
    changes,
    async callTool(name, args, { signal, onProgress } = {}) {
      const options = {
        ...(signal === undefined ? {} : { signal }),
        ...(onProgress === undefined ? {} : { onprogress: onProgress }),
      }
      return CallToolResultSchema.parse(
        await client.callTool({ name, arguments: { ...args } }, CallToolResultSchema, options),
      )
    },
    toolNames: async () => (await client.listTools()).tools.map(({ name }) => name),
    close: () => client.close(),
  }
}

/** The official client of the second generation, in the stateless revision or in sessions. */
export const v2 =
  (mode: 'stateless' | 'sessions'): Speak =>
  async url => {
    const changes = seen<'tools'>('change')
    const isStateless = mode === 'stateless'
    const client = new ClientV2(
      { name: 'v2', version: '1.0.0' },
      { capabilities, versionNegotiation: { mode: isStateless ? { pin: newest.version } : 'legacy' } },
    )
    client.setRequestHandler('elicitation/create', () => ({ ...answers.form }))
    client.setRequestHandler('sampling/createMessage', () => ({ ...answers.sample }) as never) // another library's type
    client.setRequestHandler('roots/list', () => ({ roots: answers.roots }))
    client.setNotificationHandler('notifications/tools/list_changed', () => changes.add('tools'))
    await client.connect(new HttpV2(url))
    if (isStateless) await client.listen({ toolsListChanged: true })
    return {
      changes,
      callTool: (name, args, { signal, onProgress } = {}) =>
        client.callTool(
          { name, arguments: { ...args } },
          {
            ...(signal === undefined ? {} : { signal }),
            ...(onProgress === undefined ? {} : { onprogress: onProgress }),
          },
        ),
      toolNames: async () => (await client.listTools()).tools.map(({ name }) => name),
      close: () => client.close(),
    }
  }
