import type { Demand } from './challenge.ts'
import { AuthorizationError, type CredentialStore, type Prover, type Tokens } from './contract.ts'
import { prover } from './dpop.ts'
import { Flights } from './flights.ts'
import { type Flow, quoted, told } from './flow.ts'
import { canRefresh, isOver, isStale, type Need, suffices } from './freshness.ts'
import { discover, obtain, type Place, refresh } from './obtain.ts'
import { programOf } from './program.ts'
import { exclusively, forgetRegistration, type LoginRecord, loginKey, readLogin, writeLogin } from './records.ts'
import type { Settings } from './settings.ts'
import { isUnknownClient } from './trial.ts'

const limits = {
  /** Time after which the store is read again before a token is used: so long a logout elsewhere goes unnoticed. A read of encrypted files takes less than a millisecond. */
  rereadMs: 2_000,
  /** Longest wait for a login that goes on in another process: what a person may take for it, and some time for requests. */
  grantWaitMs: 11 * 60_000,
  /** Who waits for that is told so after this time. */
  noticeMs: 1_000,
}

export interface Renewed {
  readonly login: LoginRecord
  /** Its tokens come from the grant, just now: nothing better can be had. */
  readonly isFresh: boolean
}

const flightsOf = new WeakMap<CredentialStore, Flights<Renewed | undefined>>()

function flights(store: CredentialStore): Flights<Renewed | undefined> {
  const known = flightsOf.get(store) ?? new Flights<Renewed | undefined>()
  flightsOf.set(store, known)
  return known
}

/**
 * One account's login to one server, or a program's own right there, as the store has it. Whatever changes it runs once, for all connections of this
 * process and, by locks of the store, of others that share the store: one lock for reading and refreshing, which is
 * never held for longer than requests take, and one for the grant, which may wait for a person.
 */
export class Login {
  readonly #server: URL
  readonly #settings: Settings
  readonly #key: string
  #known: LoginRecord | undefined
  /** When the store was asked; absent: never. */
  #readAtMs: number | undefined
  #prover: { readonly of: string; readonly prover: Promise<Prover> } | undefined

  constructor(server: URL, settings: Settings) {
    this.#server = server
    this.#settings = settings
    this.#key = loginKey(server, settings.account, programOf(settings.grant))
  }

  /** Tokens to send, renewed when they are about to end. `undefined`: there is no live login. */
  async tokens(signal: AbortSignal | undefined): Promise<Tokens | undefined> {
    const login = await this.#latest()
    const canRenew = canRefresh(login) || this.#settings.grant?.isInteractive === false
    if (login?.tokens === undefined || !isStale(login, login.tokens) || !canRenew) return login?.tokens
    return (await this.#join(this.#key, flow => this.#keepFresh(flow), signal))?.login.tokens
  }

  /** Better tokens than those that the server did not take. @throws AuthorizationError */
  async renew(need: Need, signal: AbortSignal | undefined): Promise<Renewed> {
    const renewed = await this.#join(this.#key, flow => this.#improve(flow, need), signal)
    // What others wanted at the same time may have been to find that there is no login.
    return renewed ?? this.renew(need, signal)
  }

  /**
   * Logs in anew, whatever the store has.
   * @param isDemanded whether the server has asked for it; one that has not must say in its metadata where
   * @throws AuthorizationError
   */
  async enter(demand: Demand, isDemanded: boolean, signal: AbortSignal | undefined): Promise<LoginRecord> {
    const work = async (flow: Flow): Promise<Renewed> => {
      const earlier = await this.#read()
      const place = await discover(flow, this.#server, this.#settings, { demand, earlier, isDemanded })
      return this.#obtain(flow, place, demand, () => false)
    }
    const entered = await this.#join(`${this.#key} enter`, work, signal)
    if (entered === undefined) throw new TypeError('a login that was made is missing')
    return entered.login
  }

  /** What proves possession of the key that tokens are bound to. It keeps the server's nonces. */
  prover({ key }: Tokens): Promise<Prover> {
    const of = JSON.stringify(key)
    if (this.#prover?.of !== of) this.#prover = { of, prover: prover('ES256', key) }
    return this.#prover.prover
  }

  /** Does work for all who want it now. What others have brought about counts here as well. */
  async #join(
    key: string,
    work: (flow: Flow) => Promise<Renewed | undefined>,
    signal: AbortSignal | undefined,
  ): Promise<Renewed | undefined> {
    const { store, grant, fetch, onStep } = this.#settings
    // Whoever has somebody to log in does not take over that another has nobody.
    const flight = `${key} ${grant?.name ?? ''}`
    const renewed = await flights(store).join(flight, stop => work({ fetch, onStep, signal: stop }), signal)
    if (renewed !== undefined) this.#known = renewed.login
    this.#readAtMs = Date.now()
    return renewed
  }

  /** What the store has, or had a moment ago. One that can't be read for a while ends no login. */
  async #latest(): Promise<LoginRecord | undefined> {
    if (this.#readAtMs === undefined) return this.#read()
    // A clock that was set back counts as time that went by.
    if (Math.abs(Date.now() - this.#readAtMs) < limits.rereadMs) return this.#known
    this.#readAtMs = Date.now()
    const before = this.#known
    const stored = await readLogin(this.#settings.store, this.#key).catch(() => before)
    // Meanwhile there may be something newer.
    if (this.#known === before) this.#known = stored
    return this.#known
  }

  async #read(): Promise<LoginRecord | undefined> {
    this.#known = await readLogin(this.#settings.store, this.#key)
    this.#readAtMs = Date.now()
    return this.#known
  }

  async #write(login: LoginRecord): Promise<void> {
    this.#known = login
    this.#readAtMs = Date.now()
    await writeLogin(this.#settings.store, this.#key, login)
  }

  #locked<Value>(work: () => Promise<Value>): Promise<Value> {
    return exclusively(this.#settings.store, this.#key, work)
  }

  /** Before tokens end. `undefined`: there is no login any more. */
  async #keepFresh(flow: Flow): Promise<Renewed | undefined> {
    const login = this.#known
    try {
      const renewed = await this.#locked(async () => {
        // Whoever has the lock looks first whether another did it already.
        const latest = await this.#read()
        if (latest?.tokens === undefined || isStale(latest, latest.tokens)) return this.#refreshed(flow, latest)
        return { login: latest, isFresh: false }
      })
      if (renewed !== undefined || this.#settings.grant?.isInteractive !== false) return renewed
      // Grants that need nobody give new tokens at any time.
      const need: Need = { used: login?.tokens, demand: {}, isStepUp: false }
      const place = await discover(flow, this.#server, this.#settings, { demand: {}, earlier: login })
      return await this.#obtain(flow, place, {}, latest => suffices(latest, need))
    } catch (error) {
      // An authorization server that is down for a moment ends no login that still has time.
      if (login?.tokens !== undefined && !isOver(login.tokens)) return { login, isFresh: false }
      throw error
    }
  }

  async #improve(flow: Flow, need: Need): Promise<Renewed> {
    const { demand, isStepUp } = need
    const known = await this.#locked(() => this.#read())
    if (known !== undefined && suffices(known, need)) return { login: known, isFresh: false }
    if (this.#settings.grant === undefined && (isStepUp || !canRefresh(known))) throw this.#nobody(known, need)
    const place = await discover(flow, this.#server, this.#settings, { demand, earlier: known })
    if (!isStepUp) {
      const renewed = await this.#locked(async () => {
        const latest = await this.#read()
        if (latest !== undefined && suffices(latest, need)) return { login: latest, isFresh: false }
        // What one authorization server gave is not shown to another one.
        return latest?.issuer === place.authority.issuer ? this.#refreshed(flow, latest, place) : undefined
      })
      if (renewed !== undefined) return renewed
    }
    return this.#obtain(flow, place, demand, latest => suffices(latest, need))
  }

  /** `undefined`: there is nothing to refresh with, or the server does not take it any more; then the login has ended. */
  async #refreshed(flow: Flow, login: LoginRecord | undefined, place?: Place): Promise<Renewed | undefined> {
    if (!canRefresh(login)) return undefined
    try {
      // The refresh token is used up when the answer comes: whether that can be kept is found out before.
      await this.#write(login)
      const fresh = await refresh(flow, this.#server, login, login.tokens, place?.authority)
      await this.#write(fresh)
      return { login: fresh, isFresh: false }
    } catch (error) {
      const code = error instanceof AuthorizationError ? error.oauthError : undefined
      if (code !== 'invalid_grant' && !isUnknownClient(error)) throw error
      if (code !== 'invalid_grant') await forgetRegistration(this.#settings.store, login.issuer)
      const { tokens: _dead, ...rest } = login
      await this.#write({ ...rest, ended: `${login.issuer} refused to refresh it (${code})` })
      return undefined
    }
  }

  /** Gets tokens by the grant, unless another has meanwhile brought what will do. */
  async #obtain(
    flow: Flow,
    place: Place,
    demand: Demand,
    isEnough: (latest: LoginRecord) => boolean,
  ): Promise<Renewed> {
    const { grant, store } = this.#settings
    if (grant === undefined) throw this.#nobody(this.#known, undefined)
    const tell = (): void =>
      flow.onStep('authorization', `somebody is logging in to ${told(this.#server)} at this moment: waiting for that`)
    const notice = setTimeout(tell, limits.noticeMs)
    const work = async (): Promise<Renewed> => {
      clearTimeout(notice)
      const latest = await this.#locked(() => this.#read())
      if (latest !== undefined && isEnough(latest)) return { login: latest, isFresh: false }
      const earlier = latest?.issuer === place.authority.issuer ? latest : undefined
      const login = await obtain(flow, this.#server, this.#settings, { grant, place, demand, earlier })
      await this.#locked(() => this.#write(login))
      return { login, isFresh: true }
    }
    const waiting = { waitMs: limits.grantWaitMs, signal: flow.signal }
    return exclusively(store, `${this.#key}:grant`, work, waiting).finally(() => clearTimeout(notice))
  }

  #nobody(login: LoginRecord | undefined, need: Need | undefined): AuthorizationError {
    const { account } = this.#settings
    const what = told(this.#server)
    const how = `log in to ${what} where somebody can, as account "${account}"`
    if (login?.ended !== undefined) {
      const lack = { kind: 'end', reason: login.ended } as const
      const message = `the login to ${what} has ended: ${login.ended}; ${how} again`
      return new AuthorizationError('authorization', message, { lack })
    }
    if (need?.isStepUp === true && login !== undefined) {
      const scope = quoted(need.demand.scope ?? 'more than it has')
      return new AuthorizationError(
        'authorization',
        `${what} wants scope ${scope}, which the login lacks; ${how} again`,
        { lack: { kind: 'scope', scope: need.demand.scope } },
      )
    }
    if (login?.tokens !== undefined) {
      const reason = 'its token is not taken any more, and there is nothing to refresh it with'
      const message = `the login to ${what} has ended: ${reason}; ${how} again`
      return new AuthorizationError('authorization', message, { lack: { kind: 'end', reason } })
    }
    const message = `${what} needs a login and there is none; ${how}`
    return new AuthorizationError('authorization', message, { lack: { kind: 'login' } })
  }
}
