import { describe, expect, it } from 'vitest'
import {
  countOrAuto,
  countOrPercentage,
  countUpTo,
  duration,
  instant,
  list,
  maxMinutes,
  millisecondsOf,
  minutes,
  oneOf,
  positiveSize,
  rate,
  single,
  size,
} from '../src/values.js'

describe('R16: minutes', () => {
  it.each([
    ['1', 60_000],
    ['0.5', 30_000],
    ['.5', 30_000],
    ['2.', 120_000],
    ['0.001', 60],
    [String(maxMinutes), 24 * 24 * 60 * 60_000],
  ])('reads %s', (given, expected) => {
    expect(minutes(given)).toBe(expected)
  })

  it.each([
    '0',
    '0.0',
    '-1',
    '34560.1',
    '99999999999',
    '',
    ' 5',
    '5m',
    '1e3',
    '0x10',
    '0,5',
    'NaN',
    'Infinity',
    '.',
  ])('refuses %j', given => {
    expect(() => minutes(given)).toThrow(`and got '${given}'`)
  })

  it('R16: stays below what a timer can hold, beyond which Node fires at once', () => {
    expect(minutes(String(maxMinutes))).toBeLessThan(2 ** 31)
  })
})

describe('countOrPercentage', () => {
  it.each([
    ['0', 0],
    ['100', 100],
    ['50%', '50%'],
    ['0.5%', '0.5%'],
  ])('reads %s', (given, expected) => {
    expect(countOrPercentage(given)).toBe(expected)
  })

  it.each(['', '%', '-1', '1.5', '10 %', 'many', '5%%', '1e2'])('refuses %j', given => {
    expect(() => countOrPercentage(given)).toThrow(`and got '${given}'`)
  })
})

describe('countOrAuto', () => {
  it.each([
    ['auto', 'auto'],
    ['4', 4],
  ])('reads %s', (given, expected) => {
    expect(countOrAuto(given)).toBe(expected)
  })

  it.each(['', 'Auto', '-1', '1.5'])('refuses %j', given => {
    expect(() => countOrAuto(given)).toThrow(`and got '${given}'`)
  })
})

describe('oneOf', () => {
  it('takes the words of the set and no other', () => {
    const read = oneOf('auto', 'paths')
    expect(read('paths')).toBe('paths')
    expect(() => read('path')).toThrow("takes auto or paths, and got 'path'")
  })
})

describe('single and list', () => {
  it('take a value once, or the same one again, or all of them', () => {
    expect(single(text => text)(['a'])).toBe('a')
    expect(single(text => text)(['a', 'a'])).toBe('a')
    expect(() => single(text => text)(['a', 'b'])).toThrow("is given twice, as 'a' and as 'b'")
    expect(list(['a', 'b'])).toEqual(['a', 'b'])
  })
})

describe('size', () => {
  it.each([
    ['0', 0],
    ['1', 1],
    ['500', 500],
    ['5B', 5],
    ['1k', 1024],
    ['1K', 1024],
    ['1KiB', 1024],
    ['1kb', 1000],
    ['1KB', 1000],
    ['.5M', 1 << 19],
    ['1.5G', 1.5 * 2 ** 30],
    ['2TB', 2e12],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
  ])('reads %s', (given, expected) => {
    expect(size(given)).toBe(expected)
  })

  it.each(['', ' 5', '-1', '1e3', '0x10', '5iB', '1 K', '1P', '.', '1.5.2', '9007199254740992', '9999999T'])(
    'refuses %j',
    given => {
      expect(() => size(given)).toThrow(`and got '${given}'`)
    },
  )

  it('is nothing that a rate can be', () => {
    expect(rate('1')).toBe(1)
    expect(() => rate('0')).toThrow("takes bytes a second above 0, such as 500K, 10M or 1.5G, and got '0'")
  })
})

describe('instant', () => {
  it.each([
    ['2026-01-31', '2026-01-31T00:00:00.000Z'],
    ['2024-02-29', '2024-02-29T00:00:00.000Z'],
    ['2026-01-31T08:00Z', '2026-01-31T08:00:00.000Z'],
    ['2026-01-31T08:00:00.5+02:00', '2026-01-31T06:00:00.500Z'],
    ['2999-12-31', '2999-12-31T00:00:00.000Z'],
  ])('reads %s', (given, expected) => {
    expect(instant(given).toISOString()).toBe(expected)
  })

  it('reads an age', () => {
    const before = Date.now()
    const read = instant('1.5h').getTime() + 5_400_000
    expect(read).toBeGreaterThanOrEqual(before)
    expect(read).toBeLessThanOrEqual(Date.now())
  })

  it.each([
    // Days that no calendar has, of which Node makes one of the next month.
    '2026-02-29',
    '2026-02-31',
    '2026-04-31T08:00',
    '2026-13-01',
    '2026-1-1',
    '2026-01-31T',
    '2026-01-31T25:00',
    '2026-01-31 08:00',
    // Before all that a date can be.
    '99999999999999d',
    '1e3d',
    '-1d',
    '.d',
    '',
    'yesterday',
  ])('refuses %j', given => {
    expect(() => instant(given)).toThrow(`and got '${given}'`)
  })
})

describe('duration', () => {
  it.each([
    ['90s', '90s', 90_000],
    ['15m', '15m', 900_000],
    ['.5h', '0.5h', 1_800_000],
    ['2.d', '2d', 172_800_000],
    ['366d', '366d', 366 * 86_400_000],
  ])('reads %s', (given, expected, ms) => {
    expect(duration(given)).toBe(expected)
    expect(millisecondsOf(duration(given))).toBe(ms)
  })

  it.each(['', '5', '0s', '0.0m', '-5m', '5 m', '5w', '1e3s', '367d', '1.2.3h', 'm'])('refuses %j', given => {
    expect(() => duration(given)).toThrow(`such as 90s, 15m, 6h or 1d, and got '${given}'`)
  })
})

it('a size that is not 0', () => {
  expect(positiveSize('10M')).toBe(10 * 2 ** 20)
  expect(() => positiveSize('0')).toThrow("above 0, such as 500K, 10M or 1G, and got '0'")
})

it('a count up to a limit', () => {
  expect([countUpTo(9)('0'), countUpTo(9)('9')]).toEqual([0, 9])
  for (const given of ['10', '-1', '1.5', 'x'])
    expect(() => countUpTo(9)(given)).toThrow(`a whole number from 0 to 9, and got '${given}'`)
})
