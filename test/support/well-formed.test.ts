import { expect, test } from 'vitest'
import { expectWellFormed } from './well-formed.js'

test('what is well-formed passes', () => {
  expectWellFormed('<a b="1" c-d="&quot;"><e/>text &amp; <f>&#8364;</f></a>\n')
})

test.each([
  ['a tag that is left open', '<a><b></a>'],
  ['a tag that is never closed', '<a>'],
  ['one that was never opened', '<a></a></b>'],
  ['a bare ampersand', '<a>b & c</a>'],
  ['one in an attribute', '<a b="&"/>'],
  ['a bare angle', '<a>1 < 2</a>'],
  ['an attribute without quotes', '<a b=1/>'],
  ['an attribute twice', '<a b="1" b="2"/>'],
  ['two roots', '<a/><b/>'],
  ['none', ''],
  ['text beside the root', '<a/>b'],
])('%s does not', (_, text) => {
  expect(() => expectWellFormed(text)).toThrow(/not well-formed/)
})
