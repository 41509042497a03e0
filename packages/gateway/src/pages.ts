import { code, isObject, ProtocolError } from '@interlock/protocol'
import { serverSegment } from './names.ts'

/**
 * The id under which clients know a page that a server sends their user to. Servers choose ids without knowing of each
 * other, so each has ids of its own: nobody can say of another server's page that the user is done there.
 */
export const pageKnownAs = (server: string, elicitationId: string): string =>
  `${serverSegment(server)}:${elicitationId}`

/** An error that wants the user at pages, with the ids under which clients know them; other errors as they are. */
export function withPagesOf(server: string, error: unknown): unknown {
  if (!(error instanceof ProtocolError) || error.code !== code.urlElicitationRequired) return error
  const pages: unknown = isObject(error.data) ? error.data['elicitations'] : undefined
  if (!isObject(error.data) || !Array.isArray(pages)) return error
  const elicitations = pages.map((page: unknown) => (isObject(page) ? withPageOf(server, page) : page))
  return new ProtocolError(error.code, error.message, { ...error.data, elicitations }, { cause: error })
}

/** The same for what asks for one page. */
export function withPageOf<Page extends Readonly<Record<string, unknown>>>(server: string, page: Page): Page {
  const { elicitationId } = page
  return typeof elicitationId === 'string' ? { ...page, elicitationId: pageKnownAs(server, elicitationId) } : page
}
