import { nearest } from '@interlock/protocol'
import { type Document, type JsonMember, type JsonObject, kindOf } from './document.ts'
import { ConfigError, quoted } from './error.ts'
import { noticeAt, writtenTwice } from './scope.ts'

export interface FoundServers {
  readonly servers: JsonObject
  readonly notices: string[]
}

/** The object that holds the servers. Throws `ConfigError` when there is none: nothing of the file can be used then. */
export function findServers(document: Document): FoundServers {
  const { root } = document
  if (root.kind !== 'object') {
    const message = `found ${kindOf(root)} where an object with "mcpServers" is expected`
    throw new ConfigError('servers_missing', message, document.place(root.offset))
  }
  const ours = root.members.filter(({ key }) => key === 'mcpServers')
  const vscode = root.members.filter(({ key }) => key === 'servers')
  const [found, second] = ours.length > 0 ? ours : vscode
  if (found === undefined) throw serversMissing(document, root)
  if (second !== undefined) {
    const message = `"${found.key}" ${writtenTwice(document, ours.length > 0 ? ours : vscode)}`
    throw new ConfigError('duplicate_key', message, document.place(second.offset))
  }
  if (found.value.kind !== 'object') {
    const message = `"${found.key}" is ${kindOf(found.value)} where an object is expected, { "<name>": { "command": … } }`
    throw new ConfigError('servers_invalid', message, document.place(found.value.offset))
  }
  const notices = vscode
    .slice(0, 1)
    .map(({ offset }) =>
      noticeAt(
        document,
        offset,
        ours.length > 0
          ? '"servers" is ignored, because there is "mcpServers" as well'
          : '"servers" is what VS Code calls "mcpServers"; it is read in the same way',
      ),
    )
  return { servers: found.value, notices }
}

function serversMissing(document: Document, root: JsonObject): ConfigError {
  const near = root.members.flatMap(member => {
    const right = nearest(member.key, ['mcpServers', 'servers'])
    return right === undefined ? [] : [{ member, right }]
  })[0]
  const { offset } = near?.member ?? root
  const message = 'there is no "mcpServers"; put the servers into { "mcpServers": { "<name>": { "command": … } } }'
  const hint =
    near === undefined ? wrongShape(root) : `${quoted(near.member.key)} is written here; did you mean "mcpServers"?`
  return new ConfigError('servers_missing', message, {
    ...document.place(offset),
    ...(hint === undefined ? {} : { hint }),
  })
}

/** Two shapes that other programs use: servers without a frame, and the frame of an editor's settings. */
function wrongShape(root: JsonObject): string | undefined {
  const settings = root.members.find(member => member.key === 'mcp' && holds(member, ['servers', 'mcpServers']))
  if (settings !== undefined)
    return 'the servers are inside "mcp", as in the settings of an editor; move them up by one level'
  const server = root.members.find(member => holds(member, ['command', 'url']))
  return server && `${quoted(server.key)} looks like a server; put "mcpServers": { … } around the servers`
}

function holds({ value }: JsonMember, keys: readonly string[]): boolean {
  return value.kind === 'object' && value.members.some(({ key }) => keys.includes(key))
}
