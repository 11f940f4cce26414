/**
 * What an update begins with: the blocks of the version that the replica has, shared where its file system can, so that
 * only those that differ are written. The version itself is not touched: the copy gets its name as any other does.
 */
import { type Entry, isSameInode } from '../model/entry.js'
import type { Name } from '../model/path.js'
import { closeRead } from '../tree/close-read.js'
import type { Directory, FileHandle } from '../tree/tree.js'
import type { ApplyContext } from './context.js'
import { endAt } from './holes.js'

/** A smaller file is written sooner than two are compared. */
export const leastSize: number = 1 << 23

/** Whether so much of it may be the same that both are worth reading. */
export function isWorthComparing(
  { settings }: Pick<ApplyContext, 'settings'>,
  source: Entry | undefined,
  replica: Entry | undefined,
): replica is Entry {
  if (source === undefined || source.size < leastSize || !settings.sparse) return false
  if (source.kind !== 'file' || replica?.kind !== 'file') return false
  return replica.size <= 2 * source.size && source.size <= 2 * replica.size
}

/**
 * Gives a file just created the blocks of the replica's version; returns false where it is empty still.
 *
 * @param planned the version that the plan saw
 */
export function shareOlder(
  { replica, refused }: Pick<ApplyContext, 'replica' | 'refused'>,
  planned: Entry,
  { directory, name }: { readonly directory: Directory; readonly name: Name },
  to: FileHandle,
): boolean {
  const devices = `${planned.device} ${to.stat().device}`
  if (refused.has('share', devices)) return false
  let older: FileHandle
  try {
    older = replica.tree.openFile(directory, name)
  } catch {
    // Gone, or not for us to read: before it is replaced it is looked at again.
    return false
  }
  try {
    const found = older.stat()
    if (found.kind !== 'file' || !isSameInode(found, planned)) return false
    to.shareBlocks(older)
    return true
  } catch (error) {
    refused.note('share', devices, error)
    // It may have begun.
    endAt(to, 0)
    return false
  } finally {
    closeRead(older)
  }
}
