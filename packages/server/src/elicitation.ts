import { type ElicitResult, type InputRequest, invalidParams, isObject } from '@interlock/protocol'
import { formIssues, formSchema } from './form.ts'
import { describeIssues, isStandardSchema, type OutputOf, type StandardSchema, type Validated } from './schema.ts'

export type FormSchema = StandardSchema | Readonly<Record<string, unknown>>

/** What an author has for clients that cannot be asked. */
export interface Otherwise<Answer> {
  /**
   * Gives the answer when the client cannot be asked this: a default, or another way to ask, for example
   * `() => ctx.elicit({ message, url })`. Without it the question is an error (`MissingCapability`).
   */
  readonly otherwise?: () => Answer | Promise<Answer>
}

export interface Elicitation<Schema> extends Otherwise<Elicited<ContentOf<Schema>>> {
  readonly message: string
  /** An object of strings, numbers, booleans and enums: any Standard Schema with JSON Schema, or plain JSON Schema. */
  readonly schema: Schema
}

/** What the user made of a form. */
export type Elicited<Content> =
  | { readonly action: 'accept'; readonly content: Content }
  | { readonly action: 'decline' | 'cancel' }

export type ContentOf<Schema> = Schema extends StandardSchema ? OutputOf<Schema> : Readonly<Record<string, unknown>>

/** A page that the user is asked to open (specification: Elicitation, URL Mode). */
export interface UrlElicitation extends Otherwise<Consent> {
  /** Why: the user reads it before they agree. */
  readonly message: string
  /** Shown to the user whole, and opened only when they agree. It must carry no credentials: others may see it. */
  readonly url: string
  /**
   * Names the page to `Server.pageDone`; unique among all pages of the server. Clients of revisions with
   * `notifications/elicitation/complete` learn so that the user is done there. Default: nobody is told.
   */
  readonly id?: string
}

/** Whether the user agreed to open a page. */
export interface Consent {
  readonly action: ElicitResult['action']
}

export function elicitRequest({ message, schema }: Elicitation<FormSchema>): InputRequest {
  return { method: 'elicitation/create', params: { mode: 'form', message, requestedSchema: formSchema(schema) } }
}

/** @throws ProtocolError −32602 when it is no answer, or does not fit the form */
export async function readAnswer(key: string, schema: FormSchema, answer: unknown): Promise<Elicited<unknown>> {
  if (!isElicitResult(answer)) throw invalidParams(`the answer to "${key}" is not an elicitation result`)
  if (answer.action !== 'accept') return { action: answer.action }
  const content = answer.content ?? {}
  const validated = isStandardSchema(schema)
    ? await schema['~standard'].validate(content)
    : checkForm(formSchema(schema), content)
  if (validated.issues !== undefined) {
    throw invalidParams(`the answer to "${key}" does not fit: ${describeIssues(validated.issues)}`)
  }
  return { action: 'accept', content: validated.value }
}

function checkForm(form: Record<string, unknown>, content: object): Validated<unknown> {
  const issues = formIssues(form, { ...content })
  return issues.length === 0 ? { value: content } : { issues }
}

const isElicitResult = (value: unknown): value is ElicitResult =>
  isObject(value) &&
  ['accept', 'decline', 'cancel'].includes(String(value['action'])) &&
  (value['content'] === undefined || isObject(value['content']))

/** @throws TypeError for a URL that no browser should be sent to */
export function urlRequest({ message, url, id }: UrlElicitation): InputRequest {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (parsed?.protocol !== 'https:' && parsed?.protocol !== 'http:') {
    throw new TypeError(`the url given to elicit must be a whole http or https URL, not ${JSON.stringify(url)}`)
  }
  return {
    method: 'elicitation/create',
    params: { mode: 'url', message, url, ...(id === undefined ? {} : { elicitationId: id }) },
  }
}

/** @throws ProtocolError −32602 when it is no answer */
export function readConsent(key: string, answer: unknown): Consent {
  if (!isElicitResult(answer)) throw invalidParams(`the answer to "${key}" is not an elicitation result`)
  return { action: answer.action }
}
