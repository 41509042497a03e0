import { createInterface } from 'node:readline/promises'
import { type ElicitRequestParams, type ElicitResult, isObject } from '@interlock/protocol'
import { type Io, tell } from './io.ts'

/** Asks the person at the terminal to fill in a form; without one, or with empty input at the end, it is declined. */
export async function askPerson(io: Io, request: ElicitRequestParams): Promise<ElicitResult> {
  if (io.stdin.isTTY !== true || !('requestedSchema' in request)) {
    tell(io, `the tool asks: ${request.message} (declined: there is nobody to ask here)`)
    return { action: 'decline' }
  }
  const lines = createInterface({ input: io.stdin, output: io.stderr, terminal: true })
  try {
    tell(io, request.message)
    const { properties, required = [] } = request.requestedSchema
    const content: Record<string, string | number | boolean> = {}
    for (const [name, field] of Object.entries(properties)) {
      const answer = await lines.question(`  ${labelOf(name, field)}: `, { signal: io.signal })
      const value = answer === '' && isObject(field) ? field['default'] : readField(answer, field)
      if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') content[name] = value
      else if (required.includes(name)) return { action: 'decline' }
    }
    return { action: 'accept', content }
  } catch {
    return { action: 'cancel' }
  } finally {
    lines.close()
  }
}

function labelOf(name: string, field: unknown): string {
  if (!isObject(field)) return name
  const title = typeof field['title'] === 'string' ? field['title'] : name
  const choices = Array.isArray(field['enum']) ? ` (${field['enum'].join(', ')})` : ''
  const otherwise = field['default'] === undefined ? '' : ` [${String(field['default'])}]`
  return `${title}${choices}${otherwise}`
}

function readField(answer: string, field: unknown): string | number | boolean | undefined {
  const type = isObject(field) ? field['type'] : 'string'
  if (answer === '') return undefined
  if (type === 'boolean') return /^(?:y|yes|true|1)$/i.test(answer)
  if (type === 'number' || type === 'integer') return Number.isFinite(Number(answer)) ? Number(answer) : undefined
  return answer
}
