import { expect, test } from 'vitest'
import { type Check, judge, type Verdict } from './verdict.ts'

const check = (status: Check['status'], id = 'answers', errorMessage?: string): Check =>
  errorMessage === undefined ? { id, status } : { id, status, errorMessage }
const form = check('SUCCESS', 'wire-schema-valid')

const ended = (exitCode: number, checks: readonly Check[] | undefined, stderr = ''): Verdict =>
  judge('ping', { exitCode, checks, stderr })

test('a run passes when the tool says so and something was looked at', () => {
  expect(ended(0, [check('SUCCESS'), check('SKIPPED'), form])).toEqual({ outcome: 'passed', remarks: [] })
})

test('a run whose only purpose is the form of messages can pass', () => {
  expect(ended(0, [form])).toEqual({ outcome: 'passed', remarks: [] })
})

test('a warning that the tool lets pass is told all the same', () => {
  expect(ended(0, [check('SUCCESS'), check('WARNING', 'data-uri', 'no\n  uri')])).toEqual({
    outcome: 'passed',
    remarks: ['warning, data-uri: no uri'],
  })
})

test('a failing check fails the run, whatever the tool ended with', () => {
  expect(ended(0, [check('SUCCESS'), check('FAILURE', 'status', 'was 200')])).toEqual({
    outcome: 'failed',
    remarks: ['status: was 200'],
  })
})

test('a run in which the tool fails without a failing check says what the tool said last', () => {
  expect(ended(1, [check('SUCCESS')], 'starting\nCLIENT TIMED OUT\n')).toEqual({
    outcome: 'failed',
    remarks: ['CLIENT TIMED OUT'],
  })
})

test.each([0, 1])('a run without checks fails, with exit code %d', exitCode => {
  expect(ended(exitCode, undefined)).toEqual({ outcome: 'failed', remarks: ['the tool said nothing'] })
})

test('a run that looked at nothing but the form of messages fails', () => {
  expect(ended(0, [])).toEqual({ outcome: 'failed', remarks: ['the tool looked at nothing'] })
  expect(ended(0, [form, check('SKIPPED', 'skills', 'not declared')])).toEqual({
    outcome: 'failed',
    remarks: ['skipped, skills: not declared'],
  })
})

test('what the tool skips always is no failure', () => {
  const skipping = { exitCode: 0, checks: [check('SKIPPED'), form], stderr: '' }
  expect(judge('tasks-status-notifications', skipping)).toEqual({ outcome: 'skipped', remarks: [] })
})
