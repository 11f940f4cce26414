import { isAbsolute, resolve } from 'node:path'
import { SyncError } from './model/errors.js'
import { show } from './model/show.js'
import { refuse } from './refusals.js'

/** An option that is the path of a folder or file, made absolute. */
export function pathOption(value: unknown, option: string): string {
  if (typeof value !== 'string' || value === '')
    throw refuse(option, 'the path of a folder or file, as text that is not empty', value)
  if (value.includes('\0')) throw refuse(option, 'a path without NUL', value)
  try {
    return absolute(value)
  } catch (cause) {
    const message = `option "${option}": ${show(value)} is relative to the working directory, which no longer exists`
    throw new SyncError('invalid-options', 2, message, { cause })
  }
}

/**
 * INVARIANT: a `..` is the system's to follow. After a link it leads elsewhere than the text does, and what would be
 * emptied is a folder that nobody named.
 */
function absolute(path: string): string {
  if (process.platform === 'win32' || !path.split('/').includes('..')) return resolve(path)
  const whole = isAbsolute(path) ? path : `${process.cwd()}/${path}`
  return whole.replace(/\/+$/, '')
}
