/**
 * How what was written is brought to the storage: a whole file system at once, by the C library or the program `sync`,
 * which is paid for once a batch; or each file and directory by itself, where neither is to be had.
 */
import type { FlushWay } from '../model/finish-jobs.js'
import type { OpenedRoot } from './local.js'
import { openTree } from './open-tree.js'

/** How the file system of a root is flushed: found out by doing it. */
export function flushWayOf({ spec }: OpenedRoot): FlushWay {
  if (spec.way === 'libc') return 'whole'
  if (process.platform !== 'linux') return 'each'
  try {
    const tree = openTree(spec)
    tree.flush(tree.root)
    return 'whole'
  } catch {
    // No such program, or one that does not know `-f`. A storage that fails will fail again, and be told then.
    return 'each'
  }
}
