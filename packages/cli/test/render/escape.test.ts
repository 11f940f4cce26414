import { expect, it } from 'vitest'
import { oneLine } from '../../src/render/escape.js'

it.each([
  ['plain ü 漢 😀', 'plain ü 漢 😀'],
  ['two\nlines\r\n', 'two\\nlines\\x0d\\n'],
  ['\u001b]0;title\u0007', '\\x1b]0;title\\x07'],
  ['\u009b31m', '\\u{9b}31m'],
  ['a\u202eb\u2066c', 'a\\u{202e}b\\u{2066}c'],
  ['lone \udcff', 'lone \\xff'],
  // Names in messages come escaped; escaping them again would double every backslash.
  ['escaped already \\x1b \\\\', 'escaped already \\x1b \\\\'],
])('%j', (message, line) => {
  expect(oneLine(message)).toBe(line)
})
