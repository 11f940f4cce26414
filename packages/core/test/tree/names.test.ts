import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  escapeName,
  isName,
  isUtf8Name,
  nameFromBytes,
  nameFromSystem,
  nameToBytes,
  systemPath,
} from '../../src/tree/names.js'

function hex(bytes: Uint8Array | string): string {
  return Buffer.from(bytes).toString('hex')
}

function fromHex(digits: string): Buffer {
  return Buffer.from(digits.replaceAll(' ', ''), 'hex')
}

/** Bytes as they come: valid UTF-8, broken UTF-8, and any mix of the two. */
const anyBytes = fc
  .array(
    fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 4 }),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 3 }).map(text => new TextEncoder().encode(text)),
      fc
        .constantFrom(
          'c3',
          'e2 82',
          'f0 9f 98',
          'ed a0 80',
          'ed bf bf',
          'f4 90 80 80',
          'c0 80',
          'ef bb bf',
          'ff',
        )
        .map(fromHex),
    ),
    { maxLength: 12 },
  )
  .map(parts => Buffer.concat(parts))

describe('bytes to a name', () => {
  it.each<[bytes: string, name: string]>([
    ['61', 'a'],
    ['c3 a9', 'é'],
    ['e2 82 ac', '€'],
    ['f0 9f 98 80', '\u{1f600}'],
    ['f4 8f bf bf', '\u{10ffff}'],
    ['ee 80 80', '\ue000'],
    ['ef bf bd', '\ufffd'],
    // A byte order mark is part of the name.
    ['ef bb bf 61', '\ufeffa'],
    ['80', '\udc80'],
    ['ff', '\udcff'],
    ['c3', '\udcc3'],
    ['c3 28', '\udcc3('],
    ['e2 82', '\udce2\udc82'],
    ['e2 82 61', '\udce2\udc82a'],
    ['f0 9f 98', '\udcf0\udc9f\udc98'],
    ['61 c3 a9 ff', 'aé\udcff'],
    ['ff c3 a9', '\udcffé'],
    // Too long for what they say, halves of a pair, beyond the last character: no UTF-8.
    ['c0 af', '\udcc0\udcaf'],
    ['c1 bf', '\udcc1\udcbf'],
    ['e0 80 af', '\udce0\udc80\udcaf'],
    ['ed a0 80', '\udced\udca0\udc80'],
    ['ed bf bf', '\udced\udcbf\udcbf'],
    ['f4 90 80 80', '\udcf4\udc90\udc80\udc80'],
    ['f5 80 80 80', '\udcf5\udc80\udc80\udc80'],
    ['f8 88 80 80 80', '\udcf8\udc88\udc80\udc80\udc80'],
    ['0a 5c 1b', '\n\\\u001b'],
  ])('%s', (bytes, name) => {
    expect(nameFromBytes(fromHex(bytes))).toBe(name)
    expect(hex(nameToBytes(name))).toBe(bytes.replaceAll(' ', ''))
    expect(isUtf8Name(name)).toBe(!/[\udc80-\udcff]/.test(name) || name.isWellFormed())
  })

  it('and back, without loss', () => {
    fc.assert(
      fc.property(anyBytes, bytes => {
        const name = nameFromBytes(bytes)
        expect(hex(nameToBytes(name))).toBe(hex(bytes))
        expect(name.isWellFormed()).toBe(isValidUtf8(bytes))
        expect(name).not.toMatch(
          /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udc7f\udd00-\udfff]/,
        )
      }),
      { numRuns: 3000 },
    )
  })

  it('differs where the bytes do', () => {
    fc.assert(
      fc.property(anyBytes, anyBytes, (a, b) => {
        expect(nameFromBytes(a) === nameFromBytes(b)).toBe(a.equals(b))
      }),
      { numRuns: 3000 },
    )
  })

  it.runIf(process.platform === 'linux')('also from what the system lists', () => {
    fc.assert(
      fc.property(anyBytes, bytes => {
        expect(nameFromSystem(bytes.toString('latin1'))).toBe(nameFromBytes(bytes))
      }),
    )
  })
})

function isValidUtf8(bytes: Buffer): boolean {
  return Buffer.from(bytes.toString('utf8'), 'utf8').equals(bytes)
}

describe('a path for the system', () => {
  it.each<[prefix: string, name: string, expected: string | Buffer]>([
    ['/a/', 'b', '/a/b'],
    ['/a/', 'é', '/a/é'],
    ['/proc/self/fd/9/', '\udcff', Buffer.from('/proc/self/fd/9/\u00ff', 'latin1')],
    ['/\udcfe/', 'é', Buffer.concat([Buffer.from('/\u00fe/', 'latin1'), Buffer.from('é')])],
    // Two halves that would be a character together stay the bytes they are.
    ['/\udcc3', '\udca9', Buffer.from('/\u00c3\u00a9', 'latin1')],
    ['', '\udc80', Buffer.from([0x80])],
  ])('%j, %j', (prefix, name, expected) => {
    expect(systemPath(prefix, name)).toEqual(expected)
  })
})

it.each<[text: string, ok: boolean]>([
  ['a', true],
  ['...', true],
  ['.a', true],
  [' ', true],
  ['\n', true],
  ['', false],
  ['.', false],
  ['..', false],
  ['a/b', false],
  ['/', false],
  ['a\0', false],
])('%j is a name: %s', (text, ok) => {
  expect(isName(text)).toBe(ok)
})

describe('a name for people', () => {
  it.each<[name: string, shown: string]>([
    ['plain name.txt', 'plain name.txt'],
    ['é € \u{1f600}', 'é € \u{1f600}'],
    ['a\nb', 'a\\nb'],
    ['a\tb', 'a\\tb'],
    ['a\rb', 'a\\x0db'],
    ['\u001b[31m', '\\x1b[31m'],
    ['\u0000', '\\x00'],
    ['\u007f', '\\x7f'],
    ['\u0085', '\\u{85}'],
    ['\u009b', '\\u{9b}'],
    ['back\\slash', 'back\\\\slash'],
    ['\\n', '\\\\n'],
    ['\u2028\u2029', '\\u{2028}\\u{2029}'],
    ['\u202egnp.exe', '\\u{202e}gnp.exe'],
    ['\u2066\u2069\u200e\u200f\u061c\ufeff', '\\u{2066}\\u{2069}\\u{200e}\\u{200f}\\u{61c}\\u{feff}'],
    ['\udc80\udcff', '\\x80\\xff'],
    ['\ud83d', '\\u{d83d}'],
    ['\udc00\udfff', '\\u{dc00}\\u{dfff}'],
  ])('%j', (name, shown) => {
    expect(escapeName(name)).toBe(shown)
  })

  it('is one line, without controls or lone surrogates, and different for each', () => {
    const alphabet = [
      'a',
      'x',
      'n',
      't',
      'u',
      '{',
      '}',
      '1',
      'b',
      'f',
      '0',
      '\\',
      '\n',
      '\t',
      '\r',
      '\u001b',
      '\u0080',
      '\u009b',
    ]
    const name = fc.string({
      unit: fc.oneof(
        fc.constantFrom(...alphabet, '\u202e', '\u2028', '\udc80', '\udc9b', '\udcff', '\u{1f600}'),
        fc.integer({ min: 0, max: 0xffff }).map(code => String.fromCharCode(code)),
      ),
      maxLength: 6,
    })
    fc.assert(
      fc.property(name, name, (one, other) => {
        expect(escapeName(one)).not.toMatch(/[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}\p{Cs}]/u)
        expect(escapeName(one) === escapeName(other)).toBe(one === other)
      }),
      { numRuns: 5000 },
    )
  })

  it('is different for each of all short ones', () => {
    const units = ['\\', 'x', '8', '0', '\udc80', '\u0080', 'u', '{', '}', '\n', 'n']
    const all = units.flatMap(a => units.flatMap(b => units.flatMap(c => units.map(d => a + b + c + d))))
    expect(new Set(all.map(escapeName)).size).toBe(new Set(all).size)
  })
})
