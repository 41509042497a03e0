import { expect, test } from 'vitest'
import { expand } from './expand.ts'

const env = { HOME: '/home/ann', TOKEN: 'secret-value', EMPTY: '', NESTED: '${HOME}', ABSENT: undefined }

test.each([
  ['no variables', 'plain text', 'plain text'],
  ['a variable', '${HOME}/bin', '/home/ann/bin'],
  ['the env: form', '${env:HOME}/bin', '/home/ann/bin'],
  ['several', '${HOME}:${TOKEN}', '/home/ann:secret-value'],
  ['an empty variable', 'a${EMPTY}b', 'ab'],
  ['a default that is not needed', '${HOME:-/root}', '/home/ann'],
  ['a default', '${NOPE:-fall back}', 'fall back'],
  ['a default in the env: form', '${env:NOPE:-x}', 'x'],
  ['a default for an empty variable, as in a shell', '${EMPTY:-x}', 'x'],
  ['an empty default', 'a${NOPE:-}b', 'ab'],
  ['a default with colons', '${NOPE:-http://localhost:80}', 'http://localhost:80'],
  ['an escaped reference', '$${HOME}', '${HOME}'],
  ['a lone dollar', '$5 and $HOME and $$', '$5 and $HOME and $$'],
  ['a value that looks like a reference', '${NESTED}', '${HOME}'],
])('%s', (_, text, expected) => {
  expect(expand(text, env)).toEqual({ ok: true, text: expected })
})

test.each([
  [
    'an unset variable names both remedies',
    '${NOPE}',
    'variable_unset',
    'variable NOPE is not set; set it in the environment, or write ${NOPE:-default}',
  ],
  [
    'a variable that is there but undefined is unset',
    '${ABSENT}',
    'variable_unset',
    'variable ABSENT is not set; set it in the environment, or write ${ABSENT:-default}',
  ],
  [
    'members of every object are no variables',
    '${constructor}',
    'variable_unset',
    'variable constructor is not set; set it in the environment, or write ${constructor:-default}',
  ],
  [
    'a prompt of an editor',
    '${input:api-key}',
    'variable_unsupported',
    '${input:…} is replaced by an editor and means nothing here; put the value in an environment variable and write ${NAME}',
  ],
  [
    'a folder of an editor',
    '${workspaceFolder}/x',
    'variable_unsupported',
    '${workspaceFolder} is replaced by editors only and is not set here; write a path relative to the folder of this file in "cwd"',
  ],
  [
    'a default without its dash',
    '${TOKEN:hunter2}',
    'variable_malformed',
    'the reference to TOKEN is not understood; write ${TOKEN} or ${TOKEN:-default}',
  ],
  [
    'a default without its colon',
    '${TOKEN-hunter2}',
    'variable_malformed',
    'the reference to TOKEN is not understood; write ${TOKEN} or ${TOKEN:-default}',
  ],
  ['no name', '${}', 'variable_malformed', '"${" is not followed by the name of a variable; write ${NAME}'],
  [
    'no end',
    'a ${HOME',
    'variable_malformed',
    'a "${" is never closed; add the missing "}", or write "$${" for a literal "${"',
  ],
  [
    'a reference in a default',
    '${NOPE:-${HOME}}',
    'variable_malformed',
    'the default of variable NOPE holds another "${", which is not expanded; use a plain default',
  ],
])('%s', (_, text, code, message) => {
  expect(expand(text, env)).toEqual({ ok: false, faults: [{ code, message }] })
})

test('every fault of a string is told', () => {
  const expansion = expand('${A} ${HOME} ${input:b} ${C}', env)
  expect(expansion.ok ? [] : expansion.faults.map(fault => fault.code)).toEqual([
    'variable_unset',
    'variable_unsupported',
    'variable_unset',
  ])
})

test('a variable with a similar name is hinted at, its value is not', () => {
  const expansion = expand('${TOKENS}', env)
  expect(expansion).toMatchObject({ ok: false, faults: [{ hint: 'TOKEN is set; did you mean that?' }] })
  expect(JSON.stringify(expansion)).not.toContain('secret-value')
})

test('a name that editors use is a variable like any other once it is set', () => {
  expect(expand('${workspaceFolder}', { workspaceFolder: '/w' })).toEqual({ ok: true, text: '/w' })
})
