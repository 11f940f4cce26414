import { expect, it } from 'vitest'
import { reasonOf } from '../src/reason-of.js'
import { systemError } from './support/fake-io.js'

it('puts what the system says into words, as far as it knows them', () => {
  expect(reasonOf(systemError('ENOSPC'))).toBe('no space left (ENOSPC)')
  expect(reasonOf(systemError('EFBIG'))).toBe('EFBIG')
  expect(reasonOf(new Error('odd'))).toBe('Error: odd')
})
