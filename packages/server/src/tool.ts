import {
  type Call,
  type CallToolResult,
  code,
  complete,
  type Icon,
  invalidParams,
  isObject,
  type Meta,
  type Outcome,
  ProtocolError,
  Suspended,
  type TaskRequest,
  TaskRequired,
  type Tool,
  type ToolAnnotations,
} from '@interlock/protocol'
import { failure, structured, toToolResult } from './content.ts'
import { CallContext, type ToolContext } from './context.ts'
import { ToolError } from './errors.ts'
import { checkMirrored, soundMirrored } from './mirrored-parameters.ts'
import { describeIssues, type InputOf, type OutputOf, type StandardSchema, toJsonSchema } from './schema.ts'
import { soundScopes } from './scopes.ts'
import { TaskWork } from './tasks/task-work.ts'
import type { TaskOptions, Tasks } from './tasks/tasks.ts'

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
  /**
   * Lets long work go on as a task, which the client looks after while it does something else. `optional`: where the
   * client takes a task, else within the call. `required`: as a task only; other clients are refused. `later`: from where
   * the handler returns `ctx.task(…)`. Default: never.
   */
  readonly task?: TaskSupport | ({ readonly support: TaskSupport } & TaskOptions)
  /** Scopes that its callers need. Without them the call is refused, with what they are, before anything runs. */
  readonly scopes?: readonly string[]
}

export type TaskSupport = 'optional' | 'required' | 'later'

/** What a tool may return: plain values, content blocks, or a whole result. */
export type ToolReturn = unknown

export interface ToolDefinition {
  readonly kind: 'tool'
  readonly name: string
  /** The tool as clients see it. */
  readonly tool: Tool
  /** Scopes that callers need. Default: none. */
  readonly scopes?: readonly string[]
  /** Whether calls may become tasks. */
  readonly hasTasks: boolean
  /**
   * Checks arguments, runs the author's function and makes a result, or a task, of what comes back. Refuses, also by
   * throwing at once, what it does not run.
   */
  call(call: Call, tasks: Tasks): Promise<Outcome>
}

type Arguments<Input> = [Input] extends [never] ? Readonly<Record<string, unknown>> : OutputOf<Input>
type Returned<Output> = [Output] extends [never] ? ToolReturn : Value<Output> | TaskWork<Value<Output>>
type Value<Output> = InputOf<Output> | CallToolResult

/**
 * A tool: a function that the model may call.
 * @example
 * const add = tool('add', { input: z.object({ a: z.number(), b: z.number() }) }, ({ a, b }) => `${a + b}`)
 * @throws TypeError for a name, or a schema, that cannot be offered to clients.
 */
export function tool<Input extends StandardSchema = never, Output extends StandardSchema = never>(
  name: string,
  options: ToolOptions<Input, Output>,
  run: (args: Arguments<Input>, ctx: ToolContext) => Returned<Output> | Promise<Returned<Output>>,
): ToolDefinition {
  checkName(name)
  if (typeof run !== 'function') throw new TypeError(`tool "${name}" needs a function that does its work`)
  const { input, output, task, scopes, ...described } = options
  soundScopes(scopes, `tool "${name}"`)
  const { support, ...kept } = typeof task === 'object' ? task : { support: task }
  checkTimes(kept, name)
  const definition: Tool = {
    name,
    ...described,
    inputSchema: objectSchema(input, name),
    ...(support === undefined ? {} : { execution: { taskSupport: support === 'later' ? 'optional' : support } }),
    ...(output === undefined ? {} : { outputSchema: toJsonSchema(output, 'output', `output of tool "${name}"`) }),
  } as Tool // `objectSchema` and `toJsonSchema` give JSON Schemas; `described` holds members of Tool only
  const mirrored = soundMirrored(definition.inputSchema, name)
  const finish = (value: unknown): Outcome | Promise<Outcome> => {
    const result = toToolResult(value, definition)
    return output === undefined ? complete(result) : checkOutput(output, name, result).then(sent => complete(sent))
  }
  const guarded = async (call: Call, work: () => Outcome | Promise<Outcome>): Promise<Outcome> => {
    try {
      return await work()
    } catch (error) {
      return complete(toFailure(name, error, call))
    }
  }
  const perform = async (call: Call, tasks: Tasks): Promise<Outcome> => {
    const checked = validate(input, call.params['arguments'] ?? {})
    const args = checked instanceof Promise ? await checked : checked
    if (args instanceof Faulty) return complete(failure(`Invalid arguments for tool "${name}":\n${args.issues}`))
    try {
      const given: unknown = run(args as Arguments<Input>, new CallContext(call)) // validated by its schema
      const value = isThenable(given) ? await given : given
      if (!(value instanceof TaskWork)) return output === undefined ? finish(value) : await finish(value)
      if (support === undefined) throw new TypeError(`tool "${name}" needs the option "task" to return ctx.task(…)`)
      if (call.caller.task === undefined) return await finish(await value.run())
      return await tasks.start(call, own => guarded(own, async () => finish(await value.run(own))), kept)
    } catch (error) {
      return complete(toFailure(name, error, call))
    }
  }
  return {
    kind: 'tool',
    name,
    tool: definition,
    ...(scopes === undefined ? {} : { scopes }),
    hasTasks: support !== undefined,
    call(call, tasks) {
      checkMirrored(mirrored, call.params['arguments'] ?? {}, call.caller)
      return becomesTask(name, support, call.caller.task)
        ? tasks.start(call, own => perform(own, tasks), kept)
        : perform(call, tasks)
    },
  }
}

/** What need not be waited for is not: each turn of the queue costs a tenth of a microsecond. */
const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  ((typeof value === 'object' && value !== null) || typeof value === 'function') &&
  'then' in value &&
  typeof value.then === 'function'

/** @throws TypeError */
function checkName(name: string): void {
  if (/^[A-Za-z0-9_.-]{1,128}$/.test(name)) return
  throw new TypeError(`tool name "${name}" must be 1 to 128 of the characters A-Z a-z 0-9 _ . -`)
}

/** @throws TypeError */
function checkTimes(times: TaskOptions, name: string): void {
  for (const member of ['ttlMs', 'pollIntervalMs'] as const) {
    const ms = times[member]
    if (ms === undefined || (Number.isSafeInteger(ms) && ms > 0)) continue
    throw new TypeError(`task.${member} of tool "${name}" must be a whole number of milliseconds above 0, not ${ms}`)
  }
}

/** Whether a call is a task from its start. @throws ProtocolError, TaskRequired when it cannot be what its caller wants */
function becomesTask(name: string, support: TaskSupport | undefined, taken: TaskRequest | undefined): boolean {
  if (support === undefined && taken?.isDemanded) throw noTask(name)
  if (support === 'required' && taken === undefined) throw new TaskRequired(name)
  return taken !== undefined && support !== undefined && (support !== 'later' || taken.isDemanded === true)
}

/** The code that revision 2025-11-25 has for it (Tasks, Tool-Level Negotiation). */
const noTask = (name: string): ProtocolError =>
  new ProtocolError(code.methodNotFound, `Tool "${name}" does not run as a task: call it without "task"`)

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

/** What the schema makes of a value, or what is wrong with it; a promise of that only where the schema takes its time. */
function validate(schema: StandardSchema | undefined, value: unknown): unknown {
  if (schema === undefined) return value
  const validated = schema['~standard'].validate(value)
  return validated instanceof Promise ? validated.then(outcomeOf) : outcomeOf(validated)
}

function outcomeOf(validated: Awaited<ReturnType<StandardSchema['~standard']['validate']>>): unknown {
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
