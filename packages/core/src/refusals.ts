/** What is said about options that are wrong: which, what was expected, what came. */
import { SyncError } from './model/errors.js'

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

/** A value in a message. */
export function show(value: unknown): string {
  if (typeof value === 'function') return 'a function'
  if (typeof value === 'bigint') return `${value}n`
  try {
    return JSON.stringify(value) ?? String(value)
  } catch {
    return Object.prototype.toString.call(value)
  }
}
