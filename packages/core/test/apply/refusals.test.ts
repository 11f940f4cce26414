import { expect, it } from 'vitest'
import { Refusals } from '../../src/apply/refusals.js'
import { systemError } from '../support/trees.js'

it.each([
  ['EXDEV', true],
  ['EOPNOTSUPP', true],
  ['ENOTSUP', true],
  ['ENOTTY', true],
  ['ENOSYS', true],
  ['EPERM', true],
  ['EINVAL', false],
  ['EIO', false],
  ['ENOSPC', false],
  ['ETXTBSY', false],
])('%s is for all files of two devices: %s', (errno, forAll) => {
  const refused = new Refusals()
  refused.note('share', '1 2', systemError(errno))
  expect(refused.has('share', '1 2')).toBe(forAll)
  expect(refused.has('share', '1 3')).toBe(false)
  expect(refused.has('copy', '1 2')).toBe(false)
})
