import { isObject, isTextList } from '../documents/json.ts'
import {
  AuthorizationError,
  type ClientRegistration,
  type CredentialStore,
  type Tokens,
  type Waiting,
} from './contract.ts'
import { reasonOf } from './flow.ts'
import { isProgram, type Program, programKey } from './program.ts'

/** What is kept of one account's login to one server, or of a program's right there. */
export interface LoginRecord {
  /** The server's URL, as `serverKey` writes it. */
  readonly server: string
  readonly account: string
  /** Absent: it is a person's login. */
  readonly program?: Program
  /** Who gave the tokens. They are refreshed there and nowhere else. */
  readonly issuer: string
  /** How the issuer was found: by metadata of the resource, or as the server's origin (2025-03-26). */
  readonly foundBy: 'resource' | 'origin'
  readonly resource: string
  /** Who this client was then, for refreshes; absent for grants that have a registration of their own. */
  readonly client?: ClientRegistration
  /** All scopes that were asked for. */
  readonly requestedScope?: string
  readonly obtainedAtMs: number
  /** Absent once the login has ended. */
  readonly tokens?: Tokens
  /** Why the login ended, for people. */
  readonly ended?: string
}

/** A registration of this client, kept for the issuer that gave it. */
export interface KeptRegistration {
  readonly issuer: string
  readonly client: ClientRegistration
  readonly redirectUris: readonly string[]
  readonly grantTypes: readonly string[]
  readonly registeredAtMs: number
}

/** The same for every way to write the URL of one server. */
export const serverKey = ({ origin, pathname, search }: URL): string => `${origin}${pathname}${search}`

const loginPrefix = 'login:'
/** Whether a key of a store is that of a login, and not of what else is kept: registrations, and who they are for. */
export const isLoginKey = (key: string): boolean => key.startsWith(loginPrefix)

const joined = (...parts: readonly string[]): string => parts.map(encodeURIComponent).join(':')

/** Of a person's login, or of what a program has under that account. */
export const loginKey = (server: URL, account: string, program?: Program): string =>
  `${loginPrefix}${joined(serverKey(server), account, ...(program === undefined ? [] : programKey(program)))}`

const registrationKey = (issuer: string): string => `client:${joined(issuer)}`
const boundKey = (server: URL, clientId: string): string => `issuer:${joined(serverKey(server), clientId)}`

export async function readLogin(store: CredentialStore, key: string): Promise<LoginRecord | undefined> {
  const value = parsed(await using(store, () => store.read(key)))
  return isLogin(value) ? value : undefined
}

export const writeLogin = (store: CredentialStore, key: string, login: LoginRecord): Promise<void> =>
  using(store, () => store.write(key, JSON.stringify(login)))

/** All logins, of all servers. What can't be read is left out. */
export async function allLogins(store: CredentialStore): Promise<readonly LoginRecord[]> {
  const keys = (await store.keys()).filter(isLoginKey)
  const logins = await Promise.all(keys.map(key => readLogin(store, key)))
  return logins.filter(login => login !== undefined)
}

export async function readRegistration(store: CredentialStore, issuer: string): Promise<KeptRegistration | undefined> {
  const value = parsed(await using(store, () => store.read(registrationKey(issuer))))
  return isRegistration(value) && value.issuer === issuer ? value : undefined
}

export const writeRegistration = (store: CredentialStore, kept: KeptRegistration): Promise<void> =>
  using(store, () => store.write(registrationKey(kept.issuer), JSON.stringify(kept)))

/** For a registration that its issuer does not know any more. */
export const forgetRegistration = (store: CredentialStore, issuer: string): Promise<void> =>
  store.delete(registrationKey(issuer))

/** The issuer that a client id without one was first used with, for this server; `issuer` when this is the first time. */
export async function boundIssuer(
  store: CredentialStore,
  server: URL,
  clientId: string,
  issuer: string,
): Promise<string> {
  const key = boundKey(server, clientId)
  const known = await using(store, () => store.read(key))
  if (known !== undefined) return known
  await using(store, () => store.write(key, issuer))
  return issuer
}

/** A store that can't be used ends what needs it, with a reason. */
async function using<Value>(store: CredentialStore, use: () => Promise<Value>): Promise<Value> {
  try {
    return await use()
  } catch (error) {
    const message = `logins can't be read from or kept in ${store.description}: ${reasonOf(error)}`
    throw error instanceof AuthorizationError ? error : new AuthorizationError('token', message)
  }
}

/** Runs work while nobody else runs work for the key. A lock that can't be had is told likewise. */
export async function exclusively<Value>(
  store: CredentialStore,
  key: string,
  work: () => Promise<Value>,
  waiting?: Waiting,
): Promise<Value> {
  let isInside = false
  try {
    return await store.exclusively(
      key,
      () => {
        isInside = true
        return work()
      },
      waiting,
    )
  } catch (error) {
    if (!isInside) waiting?.signal?.throwIfAborted()
    if (isInside || error instanceof AuthorizationError) throw error
    throw new AuthorizationError('token', `logins can't be locked in ${store.description}: ${reasonOf(error)}`)
  }
}

function parsed(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text)
  } catch {
    return undefined // what somebody else wrote is no login
  }
}

const isTextOrAbsent = (value: unknown): boolean => value === undefined || typeof value === 'string'

function isLogin(value: unknown): value is LoginRecord {
  if (!isObject(value)) return false
  const { server, account, program, issuer, resource, foundBy, client, tokens, obtainedAtMs, requestedScope, ended } =
    value
  const texts = [server, account, issuer, resource]
  return (
    texts.every(text => typeof text === 'string') &&
    (foundBy === 'resource' || foundBy === 'origin') &&
    typeof obtainedAtMs === 'number' &&
    [requestedScope, ended].every(isTextOrAbsent) &&
    (program === undefined || isProgram(program)) &&
    (client === undefined || isClient(client)) &&
    (tokens === undefined || isTokens(tokens))
  )
}

function isTokens(value: unknown): value is Tokens {
  if (!isObject(value)) return false
  const { accessToken, tokenType, expiresAtMs, refreshToken, scope, key } = value
  return (
    typeof accessToken === 'string' &&
    (tokenType === 'bearer' || tokenType === 'dpop') &&
    (expiresAtMs === undefined || typeof expiresAtMs === 'number') &&
    [refreshToken, scope].every(isTextOrAbsent) &&
    (key === undefined || isObject(key))
  )
}

const authMethods: ReadonlySet<unknown> = new Set([
  'none',
  'client_secret_basic',
  'client_secret_post',
  'private_key_jwt',
])

const isClient = (value: unknown): value is ClientRegistration =>
  isObject(value) &&
  typeof value['clientId'] === 'string' &&
  isTextOrAbsent(value['clientSecret']) &&
  authMethods.has(value['authMethod'])

const isRegistration = (value: unknown): value is KeptRegistration =>
  isObject(value) &&
  typeof value['issuer'] === 'string' &&
  isClient(value['client']) &&
  isTextList(value['redirectUris']) &&
  isTextList(value['grantTypes']) &&
  typeof value['registeredAtMs'] === 'number'
