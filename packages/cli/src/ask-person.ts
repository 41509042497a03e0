import { createInterface, type Interface } from 'node:readline/promises'
import { type ElicitRequestParams, type ElicitResult, isObject } from '@interlock/protocol'
import { formIssues } from '@interlock/server'
import { foreign } from './foreign.ts'
import { type Io, tell } from './io.ts'

type Form = Extract<ElicitRequestParams, { requestedSchema: unknown }>
type Content = NonNullable<ElicitResult['content']>
type Value = Content[string]

type Page = Exclude<ElicitRequestParams, Form>

/**
 * Asks the person at the terminal to fill in a form, and whether to send it, or to open a page, which is shown whole and
 * never fetched: they are told which server asks, and nothing is accepted without their word. Without a terminal it is
 * declined; when the input ends, or with Ctrl-C, it is cancelled. One question is asked after the other.
 */
export function askPerson(io: Io, request: ElicitRequestParams, server: string): Promise<ElicitResult> {
  const answer = (turns.get(io) ?? Promise.resolve()).then(() => ask(io, request, server))
  turns.set(io, answer)
  return answer
}

/** The last question at each terminal; it is always answered. */
const turns = new WeakMap<Io, Promise<unknown>>()

async function ask(io: Io, request: ElicitRequestParams, server: string): Promise<ElicitResult> {
  const asks = `server ${JSON.stringify(server)} asks`
  if (io.stdin.isTTY !== true) {
    tell(io, `${asks}: ${foreign(io, request.message)} (declined: there is nobody to ask here)`)
    return { action: 'decline' }
  }
  const lines = createInterface({ input: io.stdin, output: io.stderr, terminal: true })
  const ended = new AbortController()
  lines.once('close', () => ended.abort())
  const question = (text: string): Promise<string> =>
    lines.question(text, { signal: AbortSignal.any([io.signal, ended.signal]) })
  try {
    tell(io, `\n${asks}: ${foreign(io, request.message)}`)
    return await ('requestedSchema' in request ? fillIn(io, request, question) : visit(io, request, question))
  } catch {
    return { action: 'cancel' }
  } finally {
    lines.close()
  }
}

/** The person opens the page themselves, when they agree to (specification: Elicitation, Safe URL Handling). */
async function visit(io: Io, { url }: Page, question: Interface['question']): Promise<ElicitResult> {
  const page = URL.canParse(url) ? new URL(url) : undefined
  if (page?.protocol !== 'https:' && page?.protocol !== 'http:') {
    tell(io, `  declined: ${JSON.stringify(url)} is no page of the web`)
    return { action: 'decline' }
  }
  // In the form that a browser goes to: other alphabets in the name show as xn--.
  tell(io, `  on the page ${page.href}\n  which belongs to ${page.host}`)
  const agreed = await question('  do you want to open it? [y/N] ')
  if (!isYes(agreed)) return { action: 'decline' }
  tell(io, '  open it in your browser; the tool goes on by itself')
  return { action: 'accept' }
}

const isYes = (answer: string): boolean => /^y(?:es)?$/i.test(answer.trim())

/** Each field until its value fits, then the question whether to send. */
async function fillIn(io: Io, { requestedSchema }: Form, question: Interface['question']): Promise<ElicitResult> {
  const content: Record<string, Value> = {}
  for (const [name, field] of Object.entries(requestedSchema.properties)) {
    for (;;) {
      const value = readField(await question(`  ${foreign(io, labelOf(name, field))}: `), field)
      if (value === undefined) delete content[name]
      else content[name] = value
      const issue = formIssues(requestedSchema, content).find(({ path }) => path?.[0] === name)
      if (issue === undefined) break
      tell(io, `    ${issue.message}`)
    }
  }
  const sent = await question('  send this answer? [y/N] ')
  return isYes(sent) ? { action: 'accept', content } : { action: 'decline' }
}

function labelOf(name: string, field: unknown): string {
  if (!isObject(field)) return name
  const title = typeof field['title'] === 'string' ? `${field['title']} (${name})` : name
  const choices = choicesOf(field)
  const listed = choices.length === 0 ? '' : `, one of ${choices.join(' | ')}`
  const otherwise = field['default'] === undefined ? '' : ` [${JSON.stringify(field['default'])}]`
  return `${title}${listed}${otherwise}`
}

function choicesOf(field: Readonly<Record<string, unknown>>): readonly string[] {
  const { items, enum: plain, oneOf, anyOf } = field
  if (isObject(items)) return choicesOf(items)
  if (Array.isArray(plain)) return plain.map(String)
  const titled: readonly unknown[] = Array.isArray(oneOf) ? oneOf : Array.isArray(anyOf) ? anyOf : []
  return titled.map(choice => (isObject(choice) ? String(choice['const']) : String(choice)))
}

/** What was typed, as the field's type; the default for nothing. What does not fit is found by the form's check. */
function readField(answer: string, field: unknown): Value | undefined {
  const { type, default: otherwise } = isObject(field) ? field : {}
  if (answer === '') return otherwise as Value | undefined // a form that is valid has valid defaults
  switch (type) {
    case 'boolean':
      return /^(?:y|yes|true|1)$/i.test(answer) ? true : /^(?:n|no|false|0)$/i.test(answer) ? false : answer
    case 'number':
    case 'integer':
      return Number.isFinite(Number(answer)) ? Number(answer) : answer
    case 'array':
      return answer.split(',').map(item => item.trim())
    default:
      return answer
  }
}
