import { expect, it } from 'vitest'
import { bytesText } from '../../src/render/bytes.js'
import { durationText } from '../../src/render/duration.js'
import { count, counted } from '../../src/render/figures.js'

it.each([
  [0, '0'],
  [999, '999'],
  [1000, '1,000'],
  [1234567, '1,234,567'],
])('count(%d)', (value, text) => {
  expect(count(value)).toBe(text)
})

it('counts nouns', () => {
  expect([counted(1, 'entry', 'entries'), counted(2, 'entry', 'entries'), counted(1000, 'problem')]).toEqual([
    '1 entry',
    '2 entries',
    '1,000 problems',
  ])
})

it('shows bytes and durations as people read them', () => {
  expect(bytesText(1_337_000)).toBe('1.34 MB')
  expect(durationText(1234.5)).toBe('1.2s')
})
