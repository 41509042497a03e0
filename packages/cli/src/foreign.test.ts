import { expect, test } from 'vitest'
import { withoutControls } from './foreign.ts'

test.each([
  ['plain\ttext\nof two lines', 'plain\ttext\nof two lines'],
  ['\u001B[2J\u001B[1;31mred\u001B[0m', 'red'],
  ['\u001B]0;a new title\u0007after', 'after'],
  ['log:\n[error] x', 'log:\n[error] x'],
  ['over\rwritten', 'over\nwritten'],
  ['a\u0008\u0000\u007F\u009Bb', 'ab'],
  ['pay \u202Eeslaf\u202C', 'pay eslaf'],
  ['größer 世界 🙂', 'größer 世界 🙂'],
])('%j is shown as %j', (text, shown) => {
  expect(withoutControls(text)).toBe(shown)
})
