import {
  type Call,
  complete,
  type GetPromptResult,
  type Icon,
  invalidParams,
  isObject,
  type Meta,
  type Outcome,
  type Prompt,
  type PromptMessage,
} from '@interlock/protocol'
import type { Completers } from './completion.ts'
import { isContentBlock, text } from './content.ts'
import { CallContext, type InteractiveContext } from './context.ts'
import { describeIssues, type OutputOf, type StandardSchema, toJsonSchema } from './schema.ts'
import { soundScopes } from './scopes.ts'
import { argumentsOf } from './tool.ts'

export interface PromptOptions<Arguments extends StandardSchema> {
  readonly title?: string
  readonly description?: string
  /** Arguments: any Standard Schema of an object whose members are strings. Default: none. */
  readonly arguments?: Arguments
  /** Suggests values for arguments. */
  readonly complete?: Completers
  readonly icons?: Icon[]
  readonly _meta?: Meta
  /** Scopes that whoever uses it needs. Default: none. */
  readonly scopes?: readonly string[]
}

/** What a prompt may return: a text, messages, content blocks of the user, or a whole result. */
export type PromptReturn = unknown

export interface PromptDefinition {
  readonly kind: 'prompt'
  readonly prompt: Prompt
  readonly complete: Completers
  readonly scopes?: readonly string[]
  get(call: Call): Promise<Outcome>
}

type ArgumentsOf<Schema> = [Schema] extends [never] ? Readonly<Record<string, unknown>> : OutputOf<Schema>

/**
 * A prompt: a template for messages that the user chooses.
 * @example
 * prompt('review', { arguments: z.object({ code: z.string() }) }, ({ code }) => `Review this:\n${code}`)
 */
export function prompt<Arguments extends StandardSchema = never>(
  name: string,
  options: PromptOptions<Arguments>,
  write: (args: ArgumentsOf<Arguments>, ctx: InteractiveContext) => PromptReturn | Promise<PromptReturn>,
): PromptDefinition {
  if (name === '') throw new TypeError('a prompt needs a name')
  if (typeof write !== 'function') throw new TypeError(`prompt "${name}" needs a function that writes it`)
  const { arguments: schema, complete: completers = {}, scopes, ...described } = options
  soundScopes(scopes, `prompt "${name}"`)
  const definition = {
    name,
    ...described,
    ...(schema === undefined ? {} : { arguments: listArguments(schema, name) }),
  } as Prompt // `described` holds members of Prompt only
  return {
    kind: 'prompt',
    prompt: definition,
    complete: completers,
    ...(scopes === undefined ? {} : { scopes }),
    async get(call) {
      const args = schema === undefined ? argumentsOf(call) : await validate(schema, argumentsOf(call), name)
      const value = await write(args as ArgumentsOf<Arguments>, new CallContext(call)) // validated by its schema
      return complete(toPromptResult(value, definition.description))
    },
  }
}

function listArguments(schema: StandardSchema, name: string): Prompt['arguments'] {
  const json = toJsonSchema(schema, 'input', `arguments of prompt "${name}"`)
  const { properties, required } = json
  if (!isObject(properties)) throw new TypeError(`arguments of prompt "${name}" must be the schema of an object`)
  const needed = new Set<unknown>(Array.isArray(required) ? required : [])
  return Object.entries(properties).map(([argument, field]) => {
    const { title, description } = isObject(field) ? field : {}
    return {
      name: argument,
      ...(typeof title === 'string' ? { title } : {}),
      ...(typeof description === 'string' ? { description } : {}),
      required: needed.has(argument),
    }
  })
}

async function validate(schema: StandardSchema, given: unknown, name: string): Promise<unknown> {
  const validated = await schema['~standard'].validate(given)
  if (validated.issues === undefined) return validated.value
  throw invalidParams(`Invalid arguments for prompt "${name}": ${describeIssues(validated.issues)}`)
}

function toPromptResult(value: unknown, description: string | undefined): GetPromptResult {
  if (isObject(value) && Array.isArray(value['messages'])) return value as unknown as GetPromptResult // as its author made it
  const list: readonly unknown[] = Array.isArray(value) ? value : [value]
  return { ...(description === undefined ? {} : { description }), messages: list.map(toMessage) }
}

function toMessage(value: unknown): PromptMessage {
  if (isContentBlock(value)) return { role: 'user', content: value }
  if (isObject(value) && isContentBlock(value['content'])) {
    return { ...value, role: value['role'] === 'assistant' ? 'assistant' : 'user', content: value['content'] }
  }
  return { role: 'user', content: text(typeof value === 'string' ? value : (JSON.stringify(value) ?? '')) }
}
