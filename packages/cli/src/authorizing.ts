import { setTimeout as pause } from 'node:timers/promises'
import { AuthorizationError, authorizationErrorIn, memoryStore, oauth, statusOf } from '@interlock/auth'
import { type AuthorizeServer, LoginNeeded, type LoginNeededOptions } from '@interlock/gateway'
import { TransportError } from '@interlock/protocol'
import type { HttpSend } from '@interlock/transport'
import { credentials } from './credentials.ts'
import { withoutControls } from './foreign.ts'
import { type Forgiving, forgiving } from './forgiving.ts'
import type { Io } from './io.ts'
import { accountOf, defaultAccount, isPersonal, oauthOptions } from './oauth-options.ts'

export interface AuthorizingOptions {
  /** The configuration as it was named on the command line, to be named again. */
  readonly config?: string | undefined
  /** Whether others than the person who runs the gateway may use it: then a login is used for them only where that is said. */
  readonly isForOthers?: boolean
}

/** How often it is looked whether somebody has logged in or out meanwhile. */
const lookMs = 1_000

/**
 * Logs the gateway in with what `interlock login` has kept, and as the configuration says. Nobody is asked: a server that
 * needs a person's login says which command to run, and goes on when that is done.
 */
export function authorizing(io: Io, options: AuthorizingOptions = {}): AuthorizeServer {
  const store = forgiving(credentials(io))
  return ({ name, auth }, user) => {
    const configured = auth === undefined || auth === false ? {} : auth
    const settings = user === undefined ? configured : { ...configured, account: user }
    // Nobody is to get what the person who runs the gateway has for themselves by being called like that.
    const isTaken = user === defaultAccount
    const isOthers = options.isForOthers === true && isPersonal(settings) && settings.shared !== true
    const isWithheld = isTaken || (isOthers && user === undefined)
    return (send, server) => {
      const place: Place = { store, server, account: accountOf(settings), name, user, options }
      // What may not be used is not even looked at.
      const kept = isWithheld ? memoryStore() : store
      const make = (): Promise<HttpSend> => oauthOptions(server, settings, kept).then(made => oauth(made)(send, server))
      // The gateway's own right is nothing that anybody logs in to or out of.
      const authorized = isWithheld || !isPersonal(settings) ? once(make) : following(place, make)
      return async call => {
        const since = Date.now()
        try {
          return await (await authorized())(call)
        } catch (error) {
          throw isWithheld ? withheld(error, place, since) : explained(error, place, since)
        }
      }
    }
  }
}

function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined
  return () => {
    made ??= make()
    return made
  }
}

/** Makes it anew when somebody has logged out or in again since: a login that is gone is not used from memory. */
function following<Value>(place: Place, make: () => Promise<Value>): () => Promise<Value> {
  const { store, server, account } = place
  let current = once(make)
  let seen: string | undefined
  let lookedAt = 0
  return async () => {
    if (Date.now() - lookedAt >= lookMs) {
      lookedAt = Date.now()
      const now = await statusOf(store, server, account).then(
        status => JSON.stringify([status?.issuer, status?.obtainedAtMs, status?.state]),
        () => seen, // it can't be read at this moment: nobody has logged out by that
      )
      if (seen !== undefined && seen !== now) current = once(make)
      seen = now
    }
    return current()
  }
}

interface Place {
  readonly store: Forgiving
  readonly server: URL
  readonly account: string
  readonly name: string
  /** Whose login alone it is. */
  readonly user: string | undefined
  readonly options: AuthorizingOptions
}

function explained(error: unknown, place: Place, since: number): unknown {
  const { lack, message } = authorizationErrorIn(error) ?? {}
  if (lack === undefined) {
    // A file that cannot be read, before anything was sent.
    return error instanceof AuthorizationError
      ? new TransportError('http_status', error.message, { status: 401, cause: error })
      : error
  }
  const said = (reason: string, told: string, extra = ''): Pick<LoginNeededOptions, 'reason' | 'told'> => {
    const { name, user } = place
    if (user === undefined) {
      const command = `interlock login ${shown(name)}${extra}`
      return { reason: `${reason}: run "${command}${configOf(place)}"`, told: `${told}: run "${command}"` }
    }
    const command = `interlock login ${shown(name)} --account ${shown(user)}${extra}`
    return {
      reason: `${reason}: run: ${command}${configOf(place)}`,
      told: `${told}; whoever runs the gateway logs you in with: ${command}`,
    }
  }
  const texts = ((): Pick<LoginNeededOptions, 'reason' | 'told'> => {
    switch (lack.kind) {
      case 'login':
        return said(
          unread(place.store) ?? 'needs a login',
          place.user === undefined ? 'needs a login' : 'needs a login of your own',
        )
      case 'end':
        return said(`its login ended (${lack.reason})`, 'needs a new login, as the last one ended')
      case 'scope': {
        const what = 'wants a scope that its login lacks'
        return said(what, what, scopeOption(lack.scope))
      }
    }
  })()
  return new LoginNeeded({
    ...texts,
    isWhole: lack.kind !== 'scope',
    changed: signal => loggedIn(place, since, signal),
    cause: new Error(message),
  })
}

const unread = (store: Forgiving): string | undefined => {
  const problem = store.problem()
  return problem === undefined ? undefined : `needs a login, and those that are kept cannot be read (${problem})`
}

/** That the server wants a login is all that is known. */
function withheld(error: unknown, place: Place, since: number): unknown {
  if (authorizationErrorIn(error)?.lack === undefined) return explained(error, place, since)
  if (place.user !== undefined) {
    const what = `needs a login, and the account ${JSON.stringify(place.user)} is that of whoever runs the gateway`
    return new LoginNeeded({ reason: what, told: what, isWhole: true })
  }
  const what = "needs a login, and one person's login is not used for all who may use this gateway"
  return new LoginNeeded({
    reason: `${what}: where all of them may act as that person, set "auth": { "shared": true } for "${place.name}" in the configuration, and { "perUser": true } where each has a login of their own`,
    told: `${what}; whoever runs the gateway can allow it`,
    isWhole: true,
  })
}

/** Resolves when somebody has logged in later than `since`. */
async function loggedIn({ store, server, account }: Place, since: number, signal: AbortSignal): Promise<void> {
  for (;;) {
    await pause(lookMs, undefined, { signal, ref: false })
    const status = await statusOf(store, server, account).catch(() => undefined)
    if (status?.state === 'live' && status.obtainedAtMs >= since) return
  }
}

/** A name as a shell takes it. */
const shown = (name: string): string =>
  /^[\w.@/:-]+$/.test(name) ? name : `'${withoutControls(name).replaceAll("'", `'\\''`)}'`

const configOf = ({ options: { config } }: Place): string => (config === undefined ? '' : ` --config ${shown(config)}`)

/** Scopes are the server's words: what a shell would read otherwise is left out of a command that people copy. */
const scopeOption = (scope: string | undefined): string =>
  scope !== undefined && /^[\w.:/ -]{1,200}$/.test(scope) && !/(?:^| )-/.test(scope) ? ` --scope ${scope}` : ''
