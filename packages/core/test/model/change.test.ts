import { describe, expect, it } from 'vitest'
import { attributeReasons, type Reason, reasonBit, reasons, reasonsOf } from '../../src/model/change.js'

describe('reasons as bits', () => {
  it('are one bit each, and fit beside a verdict', () => {
    const bits = reasons.map(reasonBit)
    expect(new Set(bits).size).toBe(reasons.length)
    expect(bits.every(bit => bit > 0 && (bit & (bit - 1)) === 0)).toBe(true)
    // Four bits for the action, two at the top for flags.
    expect(Math.max(...bits)).toBeLessThan(2 ** 26)
  })

  it.each<[set: readonly Reason[]]>([
    [[]],
    [['new']],
    [['size', 'mtime']],
    [['mtime', 'mode', 'owner', 'group']],
    [[...reasons]],
  ])('%j go there and back', set => {
    const bits = [...set]
      .reverse()
      .map(reasonBit)
      .reduce((sum, bit) => sum | bit, 0)
    expect(reasonsOf(bits)).toEqual(set)
  })

  it('of attributes are those that no content is written for', () => {
    expect(reasonsOf(attributeReasons)).toEqual(['mtime', 'mode', 'owner', 'group', 'xattrs', 'acls'])
  })
})
