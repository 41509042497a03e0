/** Members of a server that mean something to us. */
export const members = [
  'command',
  'args',
  'env',
  'cwd',
  'url',
  'headers',
  'auth',
  'disabled',
  'type',
  'transport',
  'timeoutMs',
  'startupTimeoutMs',
  'clientExtensions',
] as const
export type MemberName = (typeof members)[number]

export const isMember = (key: string): key is MemberName => members.some(member => member === key)

/** What other programs or a tired hand write for ours. A server that uses one would run otherwise than was meant. */
export const synonyms: Readonly<Record<string, MemberName>> = {
  cmd: 'command',
  executable: 'command',
  arguments: 'args',
  argv: 'args',
  environment: 'env',
  envs: 'env',
  workingDirectory: 'cwd',
  workingDir: 'cwd',
  workdir: 'cwd',
  serverUrl: 'url',
  httpUrl: 'url',
  endpoint: 'url',
  uri: 'url',
  requestHeaders: 'headers',
  oauth: 'auth',
  transportType: 'transport',
}

/** Members of other programs that change nothing about how a server is started: kept without a word. */
const harmless = new Set([
  'author',
  'autoApprove',
  'alwaysAllow',
  'alwaysApprove',
  'autoApproveTools',
  'trust',
  'description',
  'displayName',
  'name',
  'title',
  'icon',
  'gallery',
  'version',
  'tags',
  'category',
  'homepage',
  'metadata',
  'note',
  'notes',
  'comment',
])

/** Also names that people use for remarks, such as `_note`, `//` and `$schema`. */
export const isHarmless = (key: string): boolean => harmless.has(key) || /^(_|\/\/|#|\$|x-)/.test(key)

/** Members that look as if they did something here, and what to use instead. */
export const instead: Readonly<Record<string, string>> = {
  enabled: 'write "disabled": true to keep a server from starting',
  timeout: 'other programs count it in differing units; write "timeoutMs" in milliseconds',
  initTimeout: 'write "startupTimeoutMs" in milliseconds',
  startupTimeout: 'write "startupTimeoutMs" in milliseconds',
  envFile: 'put the variables in "env", where ${NAME} takes one from the environment',
}
