import type { Lifting, Lowering } from '../../revision.ts'
import { chain, isObject, type Members, member, members, without } from '../lowering.ts'

/** A form as this revision asks it: titles of choices beside the choices, several choices as one line of text. */
export const askForm: Lowering = params => (params.mode === 'url' ? params : lowered(params))

const lowered = chain(
  without('mode'),
  member(
    'requestedSchema',
    members('properties', field => (isObject(field) ? lowerField(field) : field)),
  ),
)

/** Turns the line of text that answers a choice of several back into a list. */
export const readAnswer: Lifting = (answer, asked) => {
  const { requestedSchema } = asked
  const fields = isObject(requestedSchema) ? requestedSchema.properties : undefined
  if (!isObject(fields)) return answer
  return chain(
    ...Object.entries(fields).flatMap(([name, field]) =>
      isObject(field) && field.type === 'array' ? [member('content', splitMember(name, field))] : [],
    ),
  )(answer)
}

interface Choice {
  readonly value: string
  readonly title?: string
}

function lowerField(field: Members): Members {
  if (field.type === 'array') return asText(field)
  const choices = field.type === 'string' ? titled(field.oneOf) : []
  if (choices.length === 0) return field
  const { oneOf: _, ...kept } = field
  return {
    ...kept,
    enum: choices.map(({ value }) => value),
    enumNames: choices.map(({ value, title }) => title ?? value),
  }
}

function asText({ items, minItems, maxItems, default: preset, description, ...kept }: Members): Members {
  const choices = choicesOf(items).map(({ value, title }) => (title === undefined ? value : `${value} (${title})`))
  const bounds = [
    typeof minItems === 'number' && minItems > 0 ? `at least ${minItems}` : undefined,
    typeof maxItems === 'number' ? `at most ${maxItems}` : undefined,
  ].filter(bound => bound !== undefined)
  const how = `Separate several with commas${bounds.length === 0 ? '' : `; ${bounds.join(' and ')}`}. Choices: ${choices.join(', ')}`
  return {
    ...kept,
    type: 'string',
    description: typeof description === 'string' ? `${description} ${how}` : how,
    ...(Array.isArray(preset) && { default: preset.join(', ') }),
  }
}

const splitMember =
  (name: string, field: Members): Lowering =>
  content => {
    const text = content[name]
    return typeof text === 'string' ? { ...content, [name]: split(text, choicesOf(field.items)) } : content
  }

/** People may answer with what they were shown, so a title counts as its value. */
function split(text: string, choices: readonly Choice[]): string[] {
  const meant = (part: string): string | undefined =>
    choices.find(({ value, title }) => [value, title, `${value} (${title})`].includes(part))?.value
  const whole = meant(text.trim())
  if (whole !== undefined) return [whole]
  return text
    .split(',')
    .map(part => part.trim())
    .filter(part => part !== '')
    .map(part => meant(part) ?? part)
}

function choicesOf(items: unknown): readonly Choice[] {
  if (!isObject(items)) return []
  if (Array.isArray(items.enum)) return items.enum.flatMap(value => (typeof value === 'string' ? [{ value }] : []))
  return titled(items.anyOf)
}

function titled(options: unknown): readonly Choice[] {
  if (!Array.isArray(options)) return []
  return options.flatMap(option => {
    if (!isObject(option) || typeof option.const !== 'string') return []
    return [typeof option.title === 'string' ? { value: option.const, title: option.title } : { value: option.const }]
  })
}
