import { type Handler, isExtensionId } from '@interlock/protocol'

/** Something beyond the specification that clients may know of (specification: Extensions). */
export interface Extension {
  /** With the prefix of whoever defines it, for example `com.example/rooms`. */
  readonly id: string
  /** What clients are told with it. Default: nothing. */
  readonly settings?: Readonly<Record<string, unknown>>
  /** Requests that it adds, by method. */
  readonly methods?: Readonly<Record<string, Handler>>
}

/** The handlers of all methods that extensions add. @throws TypeError for two of one name. */
export function extensionMethods(extensions: readonly Extension[]): ReadonlyMap<string, Handler> {
  const methods = new Map<string, Handler>()
  for (const { id, methods: added = {} } of extensions) {
    if (!isExtensionId(id))
      throw new TypeError(`extension "${id}" needs a name with a prefix, such as com.example/rooms`)
    for (const [method, handler] of Object.entries(added)) {
      if (methods.has(method)) throw new TypeError(`two extensions add the method "${method}"`)
      methods.set(method, handler)
    }
  }
  return methods
}
