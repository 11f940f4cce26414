import { expect, it } from 'vitest'
import { isByHand } from '../../src/model/by-hand.js'

it.each([
  { timeNs: 1_600_000_000_000_000_000n, stepNs: 1n, byHand: true },
  { timeNs: 1_600_000_000_123_000_000n, stepNs: 1n, byHand: true },
  { timeNs: 1_600_000_000_123_456_000n, stepNs: 1n, byHand: true },
  { timeNs: 1_600_000_000_123_456_700n, stepNs: 1n, byHand: false },
  { timeNs: 1_600_000_000_123_456_789n, stepNs: 1000n, byHand: false },
  { timeNs: 1_600_000_000_123_456_789n, stepNs: 1_000_000n, byHand: true },
  { timeNs: -1n, stepNs: 1n, byHand: false },
])('$timeNs, kept in steps of $stepNs: $byHand', ({ timeNs, stepNs, byHand }) => {
  expect(isByHand(timeNs, stepNs)).toBe(byHand)
})
