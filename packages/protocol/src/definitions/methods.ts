import type { Check, NotificationChecks, RequestChecks, Sender } from '../revision.ts'
import type { Definitions } from './definitions.ts'

/** One line of the methods of a revision: `ping both PingRequestParams? EmptyResult`. */
interface Row {
  readonly from: Sender
  readonly params: string
  readonly isOptional: boolean
  /** Notifications have none. */
  readonly result: string | undefined
}

export type Rows = ReadonlyMap<string, Row>

/** Reads the methods of a revision, of which those are written that are not the same in the next newer one. */
export function readMethods(text: string, newer: Rows | undefined): Rows {
  const rows = new Map(newer)
  for (const line of text.trim().split('\n')) {
    const [method = '', from = '', params = '', result] = line.split(' ')
    if (!isSender(from)) rows.delete(method)
    else rows.set(method, { from, params: params.replace('?', ''), isOptional: params.endsWith('?'), result })
  }
  return rows
}

const isSender = (text: string): text is Sender => text === 'client' || text === 'server' || text === 'both'

export function requestChecks(rows: Rows, definitions: Definitions): Record<string, RequestChecks> {
  const checks: Record<string, RequestChecks> = {}
  for (const [method, row] of rows) {
    const { from, params, result } = row
    if (result === undefined) continue
    const names = { params, result }
    checks[method] = { from, params: paramsCheck(row, definitions), result: definitions.check(result), names }
  }
  return checks
}

export function notificationChecks(rows: Rows, definitions: Definitions): Record<string, NotificationChecks> {
  const checks: Record<string, NotificationChecks> = {}
  for (const [method, row] of rows) {
    if (row.result !== undefined) continue
    checks[method] = { from: row.from, params: paramsCheck(row, definitions), name: row.params }
  }
  return checks
}

function paramsCheck({ params, isOptional }: Row, definitions: Definitions): Check {
  const check = definitions.check(params)
  return isOptional ? value => value === undefined || check(value) : check
}
