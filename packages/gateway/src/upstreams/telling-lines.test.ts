import { expect, test } from 'vitest'
import { tellingLines } from './telling-lines.ts'

const missingModule = `
node:internal/modules/cjs/loader:1210
  throw err;
  ^

Error: Cannot find module '/nowhere.js'
    at Module._resolveFilename (node:internal/modules/cjs/loader:1207:15)
    at node:internal/main/run_main_module:28:49 {
  code: 'MODULE_NOT_FOUND',
  requireStack: []
}

Node.js v20.20.2`

const traceback = `
ERROR: not what it died of
Traceback (most recent call last):
  File "server.py", line 3, in load
    int('x')
    ^^^^^^^^
ValueError: invalid literal

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "server.py", line 9, in <module>
    load()
settings.MissingError: 1 value is missing
api_key
  Field required`

const group = `
  + Exception Group Traceback (most recent call last):
  |   File "server.py", line 3, in <module>
  | ExceptionGroup: unhandled errors in a TaskGroup (1 sub-exception)
  +-+---------------- 1 ----------------
    | Traceback (most recent call last):
    |   File "server.py", line 9, in run
    |     raise ValueError('no licence')
    | ValueError: no licence
    +------------------------------------`

const log = 'one\ntwo\nthree\nfour\nfive\nsix'

test.each([
  ['nothing', '', []],
  ['a missing module', missingModule, ["Error: Cannot find module '/nowhere.js'"]],
  ['a Python traceback', traceback, ['settings.MissingError: 1 value is missing', 'api_key', '  Field required']],
  ['a group of Python exceptions', group, ['    | ValueError: no licence']],
  ['few lines, which show what led to the error', 'reading\nfatal: expired', ['reading', 'fatal: expired']],
  ['many lines before the error', `${log}\npermission denied\nask Ann`, ['permission denied', 'ask Ann']],
  ['an uncaught error after a logged one', `error: 1\n${log}\nTypeError: x is null`, ['TypeError: x is null']],
  ['many lines after the error', `panic: no disk\n${log}`, ['panic: no disk', 'one', 'two', 'three', 'four']],
  ['many lines without an error', log, ['two', 'three', 'four', 'five', 'six']],
  ['nothing but frames', '    at a.js:1\n    at b.js:2', ['    at a.js:1', '    at b.js:2']],
])('%s', (_, text, telling) => {
  expect(tellingLines(text.split('\n').filter(line => line !== ''))).toEqual(telling)
})
