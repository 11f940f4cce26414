import { describe, expect, it } from 'vitest'
import { countOrAuto, countOrPercentage, list, maxMinutes, minutes, oneOf, single } from '../src/values.js'

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
