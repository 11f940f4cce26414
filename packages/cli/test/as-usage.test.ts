import { SyncError } from '@facsimile/core'
import { expect, it } from 'vitest'
import { asUsage } from '../src/as-usage.js'
import { UsageError } from '../src/usage-error.js'

it('a refused option is said of its flag, and all else stays what it is', () => {
  const refused = asUsage(new SyncError('invalid-options', 2, 'option "reconcile": expected a time'))
  expect(refused).toBeInstanceOf(UsageError)
  expect((refused as Error).message).toBe('--reconcile: expected a time')
  for (const error of [new SyncError('locked', 27, 'no'), new Error('no'), 'no'])
    expect(asUsage(error)).toBe(error)
})
