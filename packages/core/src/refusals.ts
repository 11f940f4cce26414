/** What is said about options that are wrong: which, what was expected, what came. */
import { SyncError } from './model/errors.js'
import { show } from './model/show.js'

/** The error for two options that exclude each other. */
export function conflict(one: string, other: string): SyncError {
  return new SyncError(
    'invalid-options',
    2,
    `options "${one}" and "${other}" contradict each other: leave one out`,
  )
}

/** The error for an option with a value that it does not take. */
export function refuse(option: string, expected: string, found: unknown): SyncError {
  return new SyncError('invalid-options', 2, `option "${option}": expected ${expected}; found ${show(found)}`)
}
