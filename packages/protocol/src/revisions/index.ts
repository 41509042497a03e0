import type { Revision } from '../revision.ts'
import { compose } from './compose.ts'
import { folders } from './folders.ts'
import { table } from './table.ts'

export type * as Newest from './2026-07-28/types.gen.ts'
export type {
  Annotations,
  AudioContent,
  BlobResourceContents,
  ClientCapabilities,
  ContentBlock,
  CreateMessageRequestParams,
  CreateMessageResult,
  ElicitRequestFormParams,
  ElicitRequestParams,
  ElicitRequestURLParams,
  ElicitResult,
  EmbeddedResource,
  Icon,
  ImageContent,
  Implementation,
  LoggingLevel,
  PrimitiveSchemaDefinition,
  ProgressToken,
  Prompt,
  PromptArgument,
  PromptMessage,
  Resource,
  ResourceLink,
  ResourceTemplate,
  Role,
  Root,
  SamplingMessage,
  SamplingMessageContentBlock,
  ServerCapabilities,
  TextContent,
  TextResourceContents,
  Tool,
  ToolAnnotations,
  ToolResultContent,
  ToolUseContent,
} from './2026-07-28/types.gen.ts'
export { receivedByClients } from './received-by-clients.ts'
export type { Version } from './version.ts'

/** Every revision, newest first. */
export const revisions: readonly [Revision, ...Revision[]] = compose(folders)

/** The newest revision: its payloads are the model that everything above the eras speaks. */
export const newest: Revision = revisions[0]

/** Revisions that hold a session, newest first. */
export const legacy: readonly Revision[] = revisions.filter(({ features }) => features.era === 'legacy')

/** Revisions that hold no session, newest first. */
export const modern: readonly Revision[] = revisions.filter(({ features }) => features.era === 'modern')

const byVersion = table(Object.fromEntries(revisions.map(revision => [revision.version, revision])))

/** The revision of that name, if this library speaks it. */
export const revision = (version: string): Revision | undefined => byVersion[version]

/**
 * The revisions of these names, newest first; all of them where none are named.
 * @throws TypeError for a name that is none, or an empty list
 */
export function revisionsNamed(versions: readonly string[] | undefined): readonly Revision[] {
  if (versions === undefined) return revisions
  const strange = versions.find(version => revision(version) === undefined)
  const known = revisions.map(({ version }) => version).join(', ')
  if (strange !== undefined) throw new TypeError(`${JSON.stringify(strange)} is no revision; there are ${known}`)
  if (versions.length === 0) throw new TypeError(`"revisions" names none; name one or more of ${known}`)
  return revisions.filter(({ version }) => versions.includes(version))
}
