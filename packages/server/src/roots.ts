import { invalidParams, isObject, type Root } from '@interlock/protocol'

/** @throws ProtocolError −32602 when the answer is no list of roots */
export function readRoots(answer: unknown): readonly Root[] {
  const roots = isObject(answer) ? answer['roots'] : undefined
  if (Array.isArray(roots) && roots.every(isRoot)) return roots
  throw invalidParams('the answer to roots/list is not a list of roots')
}

const isRoot = (value: unknown): value is Root =>
  isObject(value) &&
  typeof value['uri'] === 'string' &&
  (value['name'] === undefined || typeof value['name'] === 'string')
