// Generated from 2025-06-18/schema.json. Do not edit.
import type { Compiled } from '../../definitions/definitions.ts'
import { isObject } from '../../definitions/guards.ts'

export const serverReceives: Compiled = {
  CallToolRequestParams: () => v =>
      isObject(v) &&
      (v.arguments === undefined || isObject(v.arguments)) &&
      typeof v.name === 'string',
}

export const clientReceives: Compiled = {}
