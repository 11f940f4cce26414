import { expect, it } from 'vitest'
import { AbortFlag } from '../../src/run/abort-flag.js'

it('the flag is seen by all who share it', () => {
  const flag = new AbortFlag()
  const other = new AbortFlag(flag.shared)
  const unrelated = new AbortFlag()
  expect([flag.isRaised(), other.isRaised()]).toEqual([false, false])
  other.raise()
  other.raise()
  expect([flag.isRaised(), other.isRaised(), unrelated.isRaised()]).toEqual([true, true, false])
})
