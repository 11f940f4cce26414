import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { errnoOf } from '../model/errno.js'
import { openToOwner } from './umask.js'

/**
 * Makes a folder of our own, and those it lies in. Node's own way never comes back where the system says that a
 * folder is not there and its parent is, as in /proc.
 */
export function makeFolder(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 })
    openToOwner(path)
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return
    const parent = dirname(path)
    if (errnoOf(error) !== 'ENOENT' || parent === path) throw error
    makeFolder(parent)
    mkdirSync(path, { mode: 0o700 })
    openToOwner(path)
  }
}
