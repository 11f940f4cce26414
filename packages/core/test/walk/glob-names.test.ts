import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hideSpecials, matchesNothing, showSpecials } from '../../src/walk/glob-names.js'

/** Every UTF-16 unit that can stand in a name: whole characters, and lone surrogates that stand for bytes. */
const units = [
  ...Array.from({ length: 0xd800 }, (_, code) => String.fromCharCode(code)),
  ...Array.from({ length: 0x80 }, (_, code) => String.fromCharCode(0xdc80 + code)),
  ...Array.from({ length: 0x2000 }, (_, code) => String.fromCharCode(0xe000 + code)),
]
/** Characters whose halves look like something hidden. */
const pairs = [0x0a, 0x0d, 0x28, 0x29, 0x5c, 0x00, 0x80].flatMap(low =>
  [0xd800, 0xd83d, 0xdbff].map(high => String.fromCharCode(high, 0xdc00 + low)),
)
const specials = ['\n', '\r', '\u2028', '\u2029', '\\']

describe('what is hidden', () => {
  it.each(specials)('%j', special => {
    const hidden = hideSpecials(special)
    expect(hidden).toMatch(/^[\udc00-\udc7f]$/)
    expect(units).not.toContain(hidden)
    expect(showSpecials(hidden)).toBe(special)
  })

  it('is nothing else', () => {
    expect(units.filter(unit => hideSpecials(unit) !== unit)).toEqual([...specials].sort())
    expect(pairs.filter(pair => hideSpecials(pair) !== pair)).toEqual([])
  })

  it('is different for each, and not what stands for nothing', () => {
    expect(new Set([...specials, matchesNothing].map(hideSpecials)).size).toBe(specials.length + 1)
    expect(units).not.toContain(matchesNothing)
  })
})

describe('names go there and back', () => {
  it('of one unit each', () => {
    expect(units.filter(unit => showSpecials(hideSpecials(unit)) !== unit)).toEqual([])
  })

  it('of any units and pairs, keeping their length', () => {
    const part = fc.oneof(
      fc.constantFrom(...specials),
      fc.constantFrom(...pairs),
      fc.constantFrom(...units.slice(0xd800, 0xd880)),
      fc.nat(units.length - 1).map(index => units[index] ?? ''),
    )
    fc.assert(
      fc.property(fc.string({ unit: part, maxLength: 40 }), name => {
        const hidden = hideSpecials(name)
        expect(showSpecials(hidden)).toBe(name)
        expect(hidden).toHaveLength(name.length)
        expect(hidden).not.toMatch(/[\n\r\u2028\u2029\\]/)
      }),
      { numRuns: 1000 },
    )
  })
})
