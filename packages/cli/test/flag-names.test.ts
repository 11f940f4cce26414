import { expect, it } from 'vitest'
import { inFlagNames } from '../src/flag-names.js'

it.each([
  [
    'option "maxDelete": expected a number; found "delete"',
    '--max-delete: expected a number; found "delete"',
  ],
  [
    'options "deleteExcluded: true" and "delete: false" contradict each other',
    '--delete-excluded and --no-delete contradict each other',
  ],
  ['options "maxDelete" and "delete: false" contradict', '--max-delete and --no-delete contradict'],
  ['option "ownFiles": expected a list', 'option "ownFiles": expected a list'],
  ['the source "delete" does not exist', 'the source "delete" does not exist'],
])('%s', (message, expected) => {
  expect(inFlagNames(message)).toBe(expected)
})
