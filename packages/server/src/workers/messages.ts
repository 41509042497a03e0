import { type Change, isObject } from '@interlock/protocol'

/** What a worker needs to be one of several. */
export interface Place {
  readonly number: number
  /** The shared key, as base64. */
  readonly key: string
  readonly port: number
  /** Where the workers listen for each other. */
  readonly folder: string
}

/** Changes that happened in one worker and concern clients of all. */
export type SharedChange = Extract<Change, { readonly kind: 'resource' | 'page' }>

/** What a worker says to the process that started it. */
export type FromWorker =
  | { readonly interlock: 'join' }
  | { readonly interlock: 'serving'; readonly url: string }
  | { readonly interlock: 'change'; readonly change: SharedChange }
  /** It has heard that it is to end. */
  | { readonly interlock: 'stopping' }
  /** Its calls are over; it passes on what others still say until it is told to close. */
  | { readonly interlock: 'drained' }

/** What it is told. */
export type ToWorker =
  | { readonly interlock: 'place'; readonly place: Place }
  | { readonly interlock: 'change'; readonly change: SharedChange }
  /** Take no more calls, and let those in flight end. */
  | { readonly interlock: 'stop' }
  /** All have done so: end. */
  | { readonly interlock: 'close' }

/** Both ends run the same program, so a name of ours is enough: authors may send messages of their own. */
export const isOurs = <Ours extends FromWorker | ToWorker>(message: unknown): message is Ours =>
  isObject(message) && typeof message['interlock'] === 'string'

export const isShared = (change: Change): change is SharedChange => change.kind === 'resource' || change.kind === 'page'
