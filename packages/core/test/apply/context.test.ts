import { expect, it } from 'vitest'
import { Buffers } from '../../src/apply/context.js'

it('buffers are made once for each size, and shared with nobody', () => {
  const [one, other] = [new Buffers(), new Buffers()]
  const made = one.ofSize(65_536)
  expect(made.byteLength).toBe(65_536)
  expect(made.buffer.byteLength).toBe(65_536)
  expect(one.ofSize(65_536)).toBe(made)
  expect(one.ofSize(7).byteLength).toBe(7)
  expect(other.ofSize(65_536)).not.toBe(made)
})
