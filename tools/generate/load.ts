import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { corrected } from './corrections.ts'
import { bare, type Definitions, definition, mapValues, type Schema, type SchemaFile } from './schema.ts'

/** One revision as the generator sees it: corrected, without prose, every method's params under a name. */
export interface Source {
  readonly version: string
  readonly dialect: string
  readonly definitions: Definitions
}

/** Reads every `<revision>/schema.json` of a folder, oldest first. An absent folder has none. */
export function loadSources(folder: string): Source[] {
  return published(folder).map(([version, file]) => {
    const plain = mapValues(definitionsOf(version, file), (schema, name) => bare(schema, `${version} ${name}`))
    return { version, dialect: file.$schema, definitions: prepared(plain) }
  })
}

/** The same definitions under the same names with all that was published, for another validator to judge by. */
export function loadPublished(folder: string): Source[] {
  return published(folder).map(([version, file]) => {
    return { version, dialect: file.$schema, definitions: prepared(definitionsOf(version, file)) }
  })
}

function published(folder: string): [version: string, file: SchemaFile][] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter(name => existsSync(join(folder, name, 'schema.json')))
    .sort()
    .map(version => [version, JSON.parse(readFileSync(join(folder, version, 'schema.json'), 'utf8'))])
}

function definitionsOf(version: string, file: SchemaFile): Definitions {
  const definitions = file.$defs ?? file.definitions
  if (!definitions) throw new Error(`${version}/schema.json has neither "$defs" nor "definitions"`)
  return definitions
}

const prepared = (definitions: Definitions): Definitions => withContentBlock(withNamedParams(corrected(definitions)))

/** The method of a request or notification definition, if it is one. */
export function methodOf(schema: Schema): string | undefined {
  const method = schema.properties?.method?.const
  return typeof method === 'string' ? method : undefined
}

/** Older revisions write params inside their request. They get the name newer revisions use: `CallToolRequestParams`. */
function withNamedParams(definitions: Definitions): Definitions {
  const named: Record<string, Schema> = {}
  for (const [name, schema] of Object.entries(definitions)) {
    const params = schema.properties?.params
    named[name] = schema
    if (methodOf(schema) === undefined || !params || params.$ref !== undefined) continue
    const paramsName = `${name}Params`
    if (definitions[paramsName]) throw new Error(`"${name}" writes its params out although "${paramsName}" exists`)
    named[name] = { ...schema, properties: { ...schema.properties, params: { $ref: `#/$defs/${paramsName}` } } }
    named[paramsName] = params
  }
  return named
}

/** Older revisions spell the union of content blocks out in a tool's result; it gets the name newer revisions use. */
function withContentBlock(definitions: Definitions): Definitions {
  const items = definition('CallToolResult', definitions).properties?.content?.items
  if (definitions.ContentBlock || !items) return definitions
  return { ...definitions, ContentBlock: items }
}
