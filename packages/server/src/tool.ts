import {
  type Call,
  type CallToolResult,
  complete,
  type Icon,
  invalidParams,
  isObject,
  type Meta,
  type Outcome,
  ProtocolError,
  Suspended,
  type Tool,
  type ToolAnnotations,
} from '@interlock/protocol'
import { failure, structured, toToolResult } from './content.ts'
import { CallContext, type InteractiveContext } from './context.ts'
import { ToolError } from './errors.ts'
import { checkMirrored, soundMirrored } from './mirrored-parameters.ts'
import { describeIssues, type InputOf, type OutputOf, type StandardSchema, toJsonSchema } from './schema.ts'

export interface ToolOptions<Input extends StandardSchema, Output extends StandardSchema> {
  readonly title?: string
  /** What the tool does and when to use it, for the model. */
  readonly description?: string
  /** Arguments: any Standard Schema of an object. Default: none. */
  readonly input?: Input
  /** Makes the result structured: what the handler returns is checked and sent as `structuredContent`. */
  readonly output?: Output
  readonly annotations?: ToolAnnotations
  readonly icons?: Icon[]
  readonly _meta?: Meta
}

/** What a tool may return: plain values, content blocks, or a whole result. */
export type ToolReturn = unknown

export interface ToolDefinition {
  readonly kind: 'tool'
  readonly name: string
  /** The tool as clients see it. */
  readonly tool: Tool
  /** Checks arguments, runs the author's function and makes a result of what comes back. */
  call(call: Call): Promise<Outcome>
}

type Arguments<Input> = [Input] extends [never] ? Readonly<Record<string, unknown>> : OutputOf<Input>
type Returned<Output> = [Output] extends [never] ? ToolReturn : InputOf<Output> | CallToolResult

/**
 * A tool: a function that the model may call.
 * @example
 * const add = tool('add', { input: z.object({ a: z.number(), b: z.number() }) }, ({ a, b }) => `${a + b}`)
 * @throws TypeError for a name, or a schema, that cannot be offered to clients.
 */
export function tool<Input extends StandardSchema = never, Output extends StandardSchema = never>(
  name: string,
  options: ToolOptions<Input, Output>,
  run: (args: Arguments<Input>, ctx: InteractiveContext) => Returned<Output> | Promise<Returned<Output>>,
): ToolDefinition {
  if (!/^[A-Za-z0-9_.-]{1,128}$/.test(name)) {
    throw new TypeError(`tool name "${name}" must be 1 to 128 of the characters A-Z a-z 0-9 _ . -`)
  }
  if (typeof run !== 'function') throw new TypeError(`tool "${name}" needs a function that does its work`)
  const { input, output, ...described } = options
  const definition: Tool = {
    name,
    ...described,
    inputSchema: objectSchema(input, name),
    ...(output === undefined ? {} : { outputSchema: toJsonSchema(output, 'output', `output of tool "${name}"`) }),
  } as Tool // `objectSchema` and `toJsonSchema` give JSON Schemas; `described` holds members of Tool only
  const mirrored = soundMirrored(definition.inputSchema, name)
  return {
    kind: 'tool',
    name,
    tool: definition,
    async call(call) {
      const given = call.params['arguments'] ?? {}
      checkMirrored(mirrored, given, call.caller)
      const args = input === undefined ? given : await validate(input, given)
      if (args instanceof Faulty) return complete(failure(`Invalid arguments for tool "${name}":\n${args.issues}`))
      try {
        const value: unknown = await run(args as Arguments<Input>, new CallContext(call)) // validated by its schema
        const result = toToolResult(value, definition)
        return complete(output === undefined ? result : await checkOutput(output, name, result))
      } catch (error) {
        return complete(toFailure(name, error, call))
      }
    },
  }
}

function objectSchema(input: StandardSchema | undefined, name: string): Record<string, unknown> {
  if (input === undefined) return { type: 'object', properties: {} }
  const schema = toJsonSchema(input, 'input', `input of tool "${name}"`)
  if (schema['type'] !== 'object') throw new TypeError(`input of tool "${name}" must be the schema of an object`)
  return schema
}

class Faulty {
  readonly issues: string
  constructor(issues: string) {
    this.issues = issues
  }
}

async function validate(schema: StandardSchema, value: unknown): Promise<unknown> {
  const pending = schema['~standard'].validate(value)
  const validated = pending instanceof Promise ? await pending : pending
  return validated.issues === undefined ? validated.value : new Faulty(describeIssues(validated.issues))
}

/** What is sent is what the schema made of the value: with its defaults, without what it strips. */
async function checkOutput(schema: StandardSchema, name: string, result: CallToolResult): Promise<CallToolResult> {
  if (result.isError === true) return result
  const checked = await validate(schema, result.structuredContent)
  if (checked instanceof Faulty) {
    throw new TypeError(`tool "${name}" returned a value that is not its output: ${checked.issues}`)
  }
  return checked === result.structuredContent ? result : { ...result, ...withText(result, checked) }
}

/** The JSON text that stands for structured content goes along with it; text that the author wrote stays. */
function withText({ content, structuredContent }: CallToolResult, checked: unknown): Partial<CallToolResult> {
  const [only] = content
  const isItsJson = content.length === 1 && only?.type === 'text' && only.text === JSON.stringify(structuredContent)
  return { structuredContent: checked, ...(isItsJson ? structured(checked) : {}) }
}

/** What the model is told of an error. Protocol errors go to the client as they are. */
function toFailure(name: string, error: unknown, call: Call): CallToolResult {
  if (error instanceof ProtocolError || error instanceof Suspended) throw error
  if (error instanceof ToolError) return failure(error.message)
  if (call.caller.signal.aborted) return failure(`Tool "${name}" was cancelled.`)
  const reference = crypto.randomUUID().slice(0, 8)
  console.error(`tool "${name}" failed (reference ${reference}):`, error)
  return failure(
    `Tool "${name}" failed unexpectedly (reference ${reference}). The arguments were accepted, so calling it again ` +
      "with the same ones is unlikely to help; try another way, or tell the user that the server's log has the details.",
  )
}

/** Reads the name of a `tools/call`, `prompts/get`. */
export function nameOf(call: Call): string {
  const name = call.params['name']
  if (typeof name !== 'string') throw invalidParams('params.name must be a string')
  return name
}

export const argumentsOf = (call: Call): Readonly<Record<string, unknown>> => {
  const given = call.params['arguments']
  return isObject(given) ? given : {}
}
