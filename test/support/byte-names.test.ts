import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bufferOf, bytes, bytesOf, bytesOfText, raw, show, textOf } from './byte-names.js'

test('any bytes survive the way to text and back', () => {
  fc.assert(
    fc.property(fc.uint8Array(), sample => {
      expect(bufferOf(bytesOfText(textOf(bytesOf(sample))))).toEqual(Buffer.from(sample))
    }),
  )
})

test('UTF-8 is itself and any other byte is a lone surrogate', () => {
  expect(raw(Buffer.from('ä€𝒳', 'utf8'))).toBe('ä€𝒳')
  expect(bytes('61 ff c3 a4 ed a0 80')).toBe('a\udcffä\udced\udca0\udc80')
  expect(() => bytesOfText('\ud800')).toThrow('stands for no byte')
})

test('what could change a terminal or a line is escaped', () => {
  expect(show(`a\n\u001b[0m\u202e\\${bytes('ff')}é`)).toBe('a\\n\\x1b[0m\\u{202e}\\\\\\xffé')
})
