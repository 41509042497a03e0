import {
  type Annotations,
  type CacheHint,
  type Call,
  complete,
  type Icon,
  isObject,
  type Meta,
  type Outcome,
  type ReadResourceResult,
  type Resource,
  type ResourceContents,
  type ResourceTemplate,
  type UriTemplate,
  uriTemplate,
} from '@interlock/protocol'
import type { Completers } from './completion.ts'
import { base64 } from './content.ts'
import { CallContext, type InteractiveContext } from './context.ts'
import { soundScopes } from './scopes.ts'

export interface ResourceOptions {
  /** Default: the URI. */
  readonly name?: string
  readonly title?: string
  readonly description?: string
  readonly mimeType?: string
  /** Size in bytes, where it is known. */
  readonly size?: number
  readonly annotations?: Annotations
  readonly icons?: Icon[]
  readonly _meta?: Meta
  /** How long clients may keep what they read. Default: not at all. */
  readonly cache?: CacheHint
  /** Scopes that whoever reads it, or wants to hear of its changes, needs. Default: none. */
  readonly scopes?: readonly string[]
}

export interface TemplateOptions extends Omit<ResourceOptions, 'size'> {
  /** Suggests values for the template's variables. */
  readonly complete?: Completers
}

/** What reading a resource may return: text, bytes, contents with URIs of their own, or any other value as JSON. */
export type ResourceReturn = unknown

export interface ResourceDefinition {
  readonly kind: 'resource'
  readonly resource: Resource
  readonly scopes?: readonly string[]
  read(call: Call, uri: string): Promise<Outcome>
}

export interface TemplateDefinition {
  readonly kind: 'template'
  readonly template: ResourceTemplate
  readonly complete: Completers
  readonly scopes?: readonly string[]
  /** The variables of the template when the URI is one of its. */
  match(uri: string): Readonly<Record<string, string>> | undefined
  read(call: Call, uri: string, variables: Readonly<Record<string, string>>): Promise<Outcome>
}

/**
 * A resource: data that the application may read by its URI.
 * @example
 * const settings = resource('config://app', { mimeType: 'application/json' }, () => ({ theme: 'dark' }))
 */
export function resource(
  uri: string,
  options: ResourceOptions,
  read: (uri: string, ctx: InteractiveContext) => ResourceReturn | Promise<ResourceReturn>,
): ResourceDefinition {
  if (!URL.canParse(uri)) throw new TypeError(`resource "${uri}" needs an absolute URI such as config://app`)
  if (typeof read !== 'function') throw new TypeError(`resource "${uri}" needs a function that reads it`)
  const { cache, scopes, ...described } = options
  assertSound(cache, uri)
  soundScopes(scopes, `resource "${uri}"`)
  return {
    kind: 'resource',
    resource: { name: uri, ...described, uri } as Resource, // `described` holds members of Resource only
    ...(scopes === undefined ? {} : { scopes }),
    async read(call, asked) {
      return complete(toContents(await read(asked, new CallContext(call)), asked, options.mimeType), cache)
    },
  }
}

/**
 * A family of resources, by a URI template of RFC 6570.
 * @example
 * const user = template('users://{id}', {}, ({ id }) => database.user(id))
 * @throws TypeError for a faulty template.
 */
export function template(
  uri: string,
  options: TemplateOptions,
  read: (
    variables: Readonly<Record<string, string>>,
    ctx: InteractiveContext,
    uri: string,
  ) => ResourceReturn | Promise<ResourceReturn>,
): TemplateDefinition {
  const parsed: UriTemplate = uriTemplate(uri)
  if (typeof read !== 'function') throw new TypeError(`template "${uri}" needs a function that reads it`)
  const { cache, complete: completers = {}, scopes, ...described } = options
  assertSound(cache, uri)
  soundScopes(scopes, `template "${uri}"`)
  return {
    kind: 'template',
    template: { name: uri, ...described, uriTemplate: uri } as ResourceTemplate, // members of ResourceTemplate only
    complete: completers,
    ...(scopes === undefined ? {} : { scopes }),
    match: asked => parsed.match(asked),
    async read(call, asked, variables) {
      return complete(toContents(await read(variables, new CallContext(call), asked), asked, options.mimeType), cache)
    },
  }
}

/** @throws TypeError for a time that clients could not understand (specification: Caching, Time-to-Live) */
function assertSound(cache: CacheHint | undefined, uri: string): void {
  if (cache === undefined || (Number.isSafeInteger(cache.ttlMs) && cache.ttlMs >= 0)) return
  throw new TypeError(
    `resource "${uri}" has cache.ttlMs ${cache.ttlMs}; it must be a whole number of milliseconds from 0`,
  )
}

function toContents(value: unknown, uri: string, mimeType: string | undefined): ReadResourceResult {
  const contents = (Array.isArray(value) ? value : [value]).every(isContents)
    ? (value as ResourceContents | ResourceContents[]) // every one was just checked
    : { uri, ...(mimeType === undefined ? defaultType(value) : { mimeType }), ...body(value) }
  return { contents: Array.isArray(contents) ? contents : [contents] }
}

const isContents = (value: unknown): value is ResourceContents =>
  isObject(value) &&
  typeof value['uri'] === 'string' &&
  (typeof value['text'] === 'string' || typeof value['blob'] === 'string')

const body = (value: unknown): { text: string } | { blob: string } => {
  if (typeof value === 'string') return { text: value }
  return value instanceof Uint8Array ? { blob: base64(value) } : { text: JSON.stringify(value) ?? '' }
}

const defaultType = (value: unknown): { mimeType: string } => {
  if (typeof value === 'string') return { mimeType: 'text/plain' }
  return { mimeType: value instanceof Uint8Array ? 'application/octet-stream' : 'application/json' }
}
