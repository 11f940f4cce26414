/** Directories held by descriptor, by plain Node: `/proc/self/fd/N/name` names what lies beneath one. */
import { closeSync, constants, fstatSync, openSync, readlinkSync, statSync } from 'node:fs'
import { isSameInode } from '../model/entry.js'
import { entryOfStats } from './stat.js'

const { O_RDONLY, O_DIRECTORY = 0 } = constants

let ownDescriptors: string | undefined

/** What names what lies beneath a held directory. */
export function procPrefix(fd: number): string {
  ownDescriptors ??= findOwnDescriptors()
  return `${ownDescriptors}${fd}/`
}

/**
 * `self` costs the system a tenth of each call more than our number does. The number means us only where /proc
 * counts as we do, which it need not in a container.
 */
function findOwnDescriptors(): string {
  const own = String(process.pid)
  return readlinkSync('/proc/self') === own ? `/proc/${own}/fd/` : '/proc/self/fd/'
}

/** Whether `/proc/self/fd` leads to what descriptors hold: not in a chroot without /proc, nor outside Linux. */
export function canHoldByProc(): boolean {
  if (process.platform !== 'linux') return false
  try {
    const fd = openSync('/', O_RDONLY | O_DIRECTORY)
    try {
      const held = entryOfStats(fstatSync(fd, { bigint: true }))
      return isSameInode(held, entryOfStats(statSync(`${procPrefix(fd)}.`, { bigint: true })))
    } finally {
      closeSync(fd)
    }
  } catch {
    // Whatever the reason is, the answer is no.
    return false
  }
}
