import { describe, expect, it } from 'vitest'
import { colorsOf, noColors, wantsColors } from '../../src/render/colors.js'

describe('wantsColors', () => {
  it.each([
    [true, {}, true],
    [false, {}, false],
    [true, { NO_COLOR: '1' }, false],
    [true, { NO_COLOR: '' }, true],
    [false, { FORCE_COLOR: '1' }, true],
    [true, { FORCE_COLOR: '0' }, false],
    [true, { FORCE_COLOR: 'false' }, false],
    [true, { FORCE_COLOR: '' }, true],
    [true, { NO_COLOR: '1', FORCE_COLOR: '1' }, false],
    [true, { TERM: 'dumb' }, false],
  ])('on a terminal: %s, with %j: %s', (isTTY, env, wanted) => {
    expect(wantsColors({ isTTY }, env)).toBe(wanted)
  })

  it('takes a stream that does not say for no terminal', () => {
    expect(wantsColors({}, {})).toBe(false)
  })
})

describe('colorsOf', () => {
  it('paints only where it is wanted', () => {
    expect(colorsOf(false)).toBe(noColors)
    expect(colorsOf(true).action.delete('x')).toBe('\u001b[31mx\u001b[39m')
  })
})
