import { resolve } from 'node:path'
import { nearest } from '@interlock/protocol'
import { type JsonNode, type JsonObject, kindOf } from './document.ts'
import { quoted } from './error.ts'
import { reportRepeated, type Scope } from './scope.ts'
import { expandHome, readString } from './text.ts'

/** How the gateway logs in to a server. Everything absent: as the server says, with the account "default". */
export interface AuthSettings {
  /** Which of the logins to the server that are kept here. */
  readonly account?: string
  readonly grant?: GrantName
  /** The authorization server that `clientId` is for. */
  readonly issuer?: string
  readonly clientId?: string
  readonly clientSecret?: string
  /** The https URL of a client's metadata document. */
  readonly clientMetadataUrl?: string
  readonly scopes?: readonly string[]
  /** A private key in PEM that the client signs with. Absolute. */
  readonly privateKeyFile?: string
  /** A JWT that the platform keeps fresh, for `jwt_bearer`. Absolute. */
  readonly assertionFile?: string
  /** Whether a person's login serves everybody who may use the gateway. */
  readonly shared?: boolean
  /** Whether each user of the gateway has a login of their own, and nobody uses another's. */
  readonly perUser?: boolean
}

/** Ways to get tokens. In the last two nobody takes part. */
const grants = ['authorization_code', 'device_code', 'client_credentials', 'jwt_bearer'] as const
export type GrantName = (typeof grants)[number]

const texts = ['account', 'clientId', 'clientSecret'] as const
const urls = ['issuer', 'clientMetadataUrl'] as const
const files = ['privateKeyFile', 'assertionFile'] as const
const flags = ['shared', 'perUser'] as const
const names = [...texts, ...urls, ...files, ...flags, 'grant', 'scopes'] as const

/** Reads the member `auth`. Every mistake is reported. */
export function readAuth(scope: Scope, node: JsonNode | undefined): AuthSettings | false | undefined {
  if (node === undefined) return undefined
  if (node.kind === 'boolean' && !node.value) return false
  if (node.kind !== 'object') {
    const message = `found ${kindOf(node)} where an object is expected, such as { "account": "work" }, or false for no login`
    scope.problem('member_invalid', { offset: node.offset, member: 'auth' }, message)
    return undefined
  }
  reportRepeated(scope, node, 'auth')
  reportUnknown(scope, node)
  const read = new Map<string, unknown>()
  for (const { key, offset, value } of node.members) {
    const result = readSetting(scope, { key, offset, value })
    if (result !== undefined) read.set(key, result)
  }
  const settings: AuthSettings = Object.fromEntries(read)
  reportIncomplete(scope, node, settings)
  return settings
}

interface Setting {
  readonly key: string
  readonly offset: number
  readonly value: JsonNode
}

function reportUnknown(scope: Scope, node: JsonObject): void {
  for (const { key, offset } of node.members) {
    if (names.some(name => name === key)) continue
    const meant = nearest(key, names)
    const hint = meant === undefined ? `it takes ${names.join(', ')}` : `did you mean "${meant}"?`
    scope.problem('member_misspelt', { offset, member: `auth.${key}` }, `is not a member of "auth"; ${hint}`)
  }
}

function readSetting(scope: Scope, { key, value }: Setting): unknown {
  const member = `auth.${key}`
  const spot = { offset: value.offset, member }
  if (key === 'scopes') return readScopes(scope, value)
  if (flags.some(name => name === key)) {
    if (value.kind === 'boolean') return value.value
    scope.problem('member_invalid', spot, `found ${kindOf(value)} where true or false is expected, without quotes`)
    return undefined
  }
  if (!names.some(name => name === key)) return undefined
  // Looked at as it is written, before a variable's value takes its place.
  if (key === 'clientSecret' && value.kind === 'string' && !/^\$\{(?:env:)?[A-Za-z_]\w*\}$/.test(value.value)) {
    const message = 'is a secret, which has no place in a file; put it into an environment variable and write "${NAME}"'
    scope.problem('member_invalid', spot, message)
    return undefined
  }
  const text = readString(scope, value, member)
  if (text === undefined) return undefined
  const fault = settingFault(key, text)
  if (fault !== undefined) {
    scope.problem('member_invalid', spot, fault)
    return undefined
  }
  return files.some(name => name === key) ? resolve(scope.folder, expandHome(text, scope.env)) : text
}

function settingFault(key: string, text: string): string | undefined {
  if (text.trim() === '') return 'is empty; give it a value or remove it'
  if (key === 'grant' && !grants.some(grant => grant === text)) {
    const meant = nearest(text, grants)
    const hint = meant === undefined ? `it is one of ${grants.join(', ')}` : `did you mean "${meant}"?`
    return `says ${quoted(text)}, which is no way to log in that is known here; ${hint}`
  }
  if (!urls.some(name => name === key)) return undefined
  const { protocol, hostname } = URL.canParse(text) ? new URL(text) : {}
  const isLoopback = hostname !== undefined && /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname)
  if (protocol === 'https:' || (protocol === 'http:' && isLoopback)) return undefined
  return 'is not an https address; write the whole of it, https://…'
}

function readScopes(scope: Scope, node: JsonNode): readonly string[] | undefined {
  const spot = { offset: node.offset, member: 'auth.scopes' }
  if (node.kind !== 'array') {
    scope.problem('member_invalid', spot, `found ${kindOf(node)} where an array of strings is expected, ["files:read"]`)
    return undefined
  }
  const read = node.items.map((item, index) => {
    const text = readString(scope, item, `auth.scopes[${index}]`)
    // RFC 6749, 3.3
    if (text === undefined || /^[\x21\x23-\x5B\x5D-\x7E]+$/.test(text)) return text
    const message = 'is not one scope: it has a space, a quote or another character that scopes do not have'
    scope.problem('member_invalid', { offset: item.offset, member: `auth.scopes[${index}]` }, message)
    return undefined
  })
  const scopes = read.filter(text => text !== undefined)
  return scopes.length === read.length ? scopes : undefined
}

/** Members that make no sense without others. */
/** A member, whether it is wrong beside the others, and what to do about it. */
type Rule = readonly [name: string, isBroken: boolean, message: string]

function rulesOfClient(has: (name: string) => boolean, isByPlatform: boolean): readonly Rule[] {
  const isNobodys = !has('clientId')
  const message = 'belongs to a client; add its "clientId"'
  return [
    ['clientSecret', isNobodys, message],
    ['privateKeyFile', isNobodys, message],
    ['issuer', isNobodys && !isByPlatform, message],
  ]
}

function rulesOfGrant(has: (name: string) => boolean, grant: GrantName | undefined): readonly Rule[] {
  const isByPlatform = grant === 'jwt_bearer'
  const isComplete = has('clientId') && (has('clientSecret') || has('privateKeyFile'))
  const isAlone = grant === 'client_credentials' && !isComplete
  const isOther = grant !== undefined && !isByPlatform
  return [
    ['grant', isAlone, 'needs "clientId", and "clientSecret" or "privateKeyFile"'],
    ['grant', isByPlatform && !has('assertionFile'), 'needs "assertionFile", the file with the token of the platform'],
    ['assertionFile', !has('grant'), 'needs "grant": "jwt_bearer" beside it'],
    ['assertionFile', isOther, 'is for the grant "jwt_bearer"; remove it or change "grant"'],
  ]
}

function rulesOfUsers(has: (name: string) => boolean, { grant, shared, perUser }: AuthSettings): readonly Rule[] {
  const isNobodys = grant === 'client_credentials' || grant === 'jwt_bearer'
  return [
    [
      'shared',
      perUser === true && shared === true,
      'contradicts "perUser": one login serves all, or each has their own; remove one',
    ],
    [
      'account',
      perUser === true && has('account'),
      'contradicts "perUser", where each user has an account; remove one',
    ],
    [
      'perUser',
      perUser === true && isNobodys,
      `is for logins of people, and nobody takes part in ${grant}; remove one`,
    ],
  ]
}

function reportIncomplete(scope: Scope, node: JsonObject, settings: AuthSettings): void {
  const { grant } = settings
  const has = (name: string): boolean => node.members.some(({ key }) => key === name)
  const rules = [
    ...rulesOfClient(has, grant === 'jwt_bearer'),
    ...rulesOfGrant(has, grant),
    ...rulesOfUsers(has, settings),
  ]
  for (const [name, isBroken, message] of rules) {
    const member = node.members.find(({ key }) => key === name)
    if (member !== undefined && isBroken) {
      scope.problem('member_invalid', { offset: member.offset, member: `auth.${name}` }, message)
    }
  }
}
