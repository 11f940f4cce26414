import { expect, it } from 'vitest'
import { oneLine } from '../../src/model/one-line.js'

it.each([
  ['plain ü 漢 😀 \\', 'plain ü 漢 😀 \\'],
  ['two\nlines\r\n\t', 'two\\nlines\\x0d\\n\\t'],
  ['\u001b]0;title\u0007\u007f', '\\x1b]0;title\\x07\\x7f'],
  ['\u009b31m', '\\u{9b}31m'],
  ['a\u202eb\u2066c\u2028\ufeff', 'a\\u{202e}b\\u{2066}c\\u{2028}\\u{feff}'],
  // Names in messages come escaped; escaping them again would double every backslash.
  ['escaped already \\x1b \\\\', 'escaped already \\x1b \\\\'],
  ['lone \udcff \ud83d', 'lone \\xff \\u{d83d}'],
])('O01: %j is one line', (text, line) => {
  expect(oneLine(text)).toBe(line)
})
