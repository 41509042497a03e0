import type { Seen } from '../events.ts'

/** How a client reaches what it talks to. */
export type Way =
  | { readonly kind: 'http'; readonly url: URL }
  | {
      readonly kind: 'stdio'
      readonly command: string
      readonly args: readonly string[]
      readonly env: Readonly<Record<string, string>>
    }

/** What a client was told without asking. */
export type Notice =
  | { readonly kind: 'tools' }
  | { readonly kind: 'resource'; readonly uri: string }
  | { readonly kind: 'log'; readonly level: string; readonly data: unknown }

export interface Progress {
  readonly progress: number
  readonly total?: number | undefined
  readonly message?: string | undefined
}

export interface CallOptions {
  readonly onProgress?: (progress: Progress) => void
  readonly signal?: AbortSignal
  readonly meta?: Readonly<Record<string, unknown>>
}

export interface Named {
  readonly name: string
}

export interface ToolResult {
  readonly content: readonly { readonly type: string; readonly text?: string | undefined }[]
  readonly isError?: boolean | undefined
  readonly [member: string]: unknown
}

export type Reference =
  | { readonly type: 'ref/prompt'; readonly name: string }
  | { readonly type: 'ref/resource'; readonly uri: string }

/** One client library, connected: what every one of them can do, in the same words. */
export interface Face extends AsyncDisposable {
  /** The revision agreed on. */
  readonly revision: string
  readonly notices: Seen<Notice>
  listTools(): Promise<readonly Named[]>
  listPrompts(): Promise<readonly Named[]>
  listResources(): Promise<readonly (Named & { readonly uri: string })[]>
  listTemplates(): Promise<readonly (Named & { readonly uriTemplate: string })[]>
  callTool(name: string, args?: Readonly<Record<string, unknown>>, options?: CallOptions): Promise<ToolResult>
  /** The texts of the contents. */
  readResource(uri: string): Promise<readonly (string | undefined)[]>
  /** The texts of the messages. */
  getPrompt(name: string, args?: Readonly<Record<string, string>>): Promise<readonly (string | undefined)[]>
  complete(ref: Reference, argument: { readonly name: string; readonly value: string }): Promise<readonly string[]>
  /** Hears of changes to the list of tools, and to this resource, from when it resolves. */
  listen(uri: string): Promise<void>
}

export interface Answer {
  readonly action: 'accept' | 'decline' | 'cancel'
  readonly content?: Record<string, string | number | boolean | string[]>
}

/** Answers what servers ask the user. */
export type OnElicit = (message: string) => Answer

export interface FaceKind {
  readonly name: string
  readonly era: 'legacy' | 'modern'
  open(way: Way, onElicit?: OnElicit): Promise<Face>
}

const isText = (value: unknown): value is { readonly text: string } =>
  typeof value === 'object' && value !== null && 'text' in value && typeof value.text === 'string'

/** The text of a content block or of a resource's contents. */
export const textOf = (value: unknown): string | undefined => (isText(value) ? value.text : undefined)
