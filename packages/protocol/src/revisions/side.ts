import { Definitions, type Written } from '../definitions/definitions.ts'
import { notificationChecks, type Rows, readMethods, requestChecks } from '../definitions/methods.ts'
import type { Check, Checks, NotificationChecks, RequestChecks, Shape } from '../revision.ts'
import type { Folder } from './compose.ts'
import { table } from './table.ts'

/** What one side can check in one revision. Its tables are made when somebody first looks at them. */
export class Side implements Checks {
  readonly #methods: string
  readonly #definitions: Definitions
  readonly #newer: Side | undefined
  #rows: Rows | undefined
  #requests: Readonly<Record<string, RequestChecks>> | undefined
  #notifications: Readonly<Record<string, NotificationChecks>> | undefined

  constructor(methods: string, parts: readonly Written[], newer: Side | undefined) {
    this.#methods = methods
    this.#definitions = new Definitions(parts, newer === undefined ? undefined : newer.#definitions)
    this.#newer = newer
  }

  get rows(): Rows {
    this.#rows ??= readMethods(this.#methods, this.#newer?.rows)
    return this.#rows
  }

  get requests(): Readonly<Record<string, RequestChecks>> {
    this.#requests ??= table(requestChecks(this.rows, this.#definitions))
    return this.#requests
  }

  get notifications(): Readonly<Record<string, NotificationChecks>> {
    this.#notifications ??= table(notificationChecks(this.rows, this.#definitions))
    return this.#notifications
  }

  has(definition: string): boolean {
    return this.#definitions.has(definition)
  }

  check(definition: string): Check {
    return this.#definitions.check(definition)
  }

  shape(definition: string): Shape {
    return this.#definitions.shape(definition)
  }
}

/** One for each folder, newest first. @param parts what the side receives in a revision */
export function sides(
  [newest, ...older]: readonly [Folder, ...Folder[]],
  parts: (folder: Folder) => readonly Written[],
): readonly [Side, ...Side[]] {
  let newer = new Side(newest.methods, parts(newest), undefined)
  const all: [Side, ...Side[]] = [newer]
  for (const folder of older) {
    newer = new Side(folder.methods, parts(folder), newer)
    all.push(newer)
  }
  return all
}
