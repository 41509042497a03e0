import type { Lowering } from '../revision.ts'

export type Members = Record<string, unknown>

export const isObject = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Drops members. */
export function without(...names: readonly string[]): Lowering {
  return value => {
    if (names.every(name => value[name] === undefined)) return value
    const kept = { ...value }
    for (const name of names) delete kept[name]
    return kept
  }
}

/** One after the other. */
export const chain =
  (...steps: readonly Lowering[]): Lowering =>
  value =>
    steps.reduce((lowered, step) => step(lowered), value)

/** Lowers the object under `name`, if there is one. */
export const member = (name: string, lower: Lowering): Lowering =>
  replace(name, value => (isObject(value) ? lower(value) : value))

/** Lowers every object of the list under `name`, if there is one. */
export const items = (name: string, lower: Lowering): Lowering =>
  replace(name, list => (Array.isArray(list) ? mapShared(list, item => (isObject(item) ? lower(item) : item)) : list))

/** Lowers every member of the record under `name`, if there is one. */
export const members = (name: string, lower: (value: unknown) => unknown): Lowering =>
  member(name, record => {
    const entries = Object.entries(record)
    const lowered = entries.map(([key, value]) => [key, lower(value)] as const)
    return lowered.every(([, value], at) => value === entries[at]?.[1]) ? record : Object.fromEntries(lowered)
  })

/** Lowers content blocks wherever a server's results carry them. */
export const blocks = (lower: Lowering): { readonly 'tools/call': Lowering; readonly 'prompts/get': Lowering } => ({
  'tools/call': items('content', lower),
  'prompts/get': items('messages', member('content', lower)),
})

/** Lowers blocks of one type and leaves the others alone. */
export const ofType =
  (type: string, lower: Lowering): Lowering =>
  block =>
    block.type === type ? lower(block) : block

/** A text block that stands for one the revision cannot carry. Who it is meant for stays with it. */
export const textInstead = ({ annotations, _meta }: Members, text: string): Members => ({
  type: 'text',
  text,
  ...(annotations !== undefined && { annotations }),
  ...(_meta !== undefined && { _meta }),
})

function replace(name: string, change: (value: unknown) => unknown): Lowering {
  return value => {
    const before = value[name]
    if (before === undefined) return value
    const after = change(before)
    return after === before ? value : { ...value, [name]: after }
  }
}

function mapShared(list: readonly unknown[], change: (item: unknown) => unknown): readonly unknown[] {
  let copy: unknown[] | undefined
  for (const [at, item] of list.entries()) {
    const changed = change(item)
    if (changed === item) continue
    copy ??= [...list]
    copy[at] = changed
  }
  return copy ?? list
}
