import type { UndoOptions } from './undo-options.js'
import type { UndoReport } from './undo-run.js'

/**
 * Puts a replica back as it was before a run that kept what it overwrote and deleted in `backupDir`, and records that as a
 * run of its own, so that it can be undone too. Where the replica was changed since, nothing is touched.
 *
 * @throws {SyncError} 2 when there is no such run, 26 when the replica was changed since, 27 while another run writes to it,
 * 11 when the storage failed halfway
 */
export async function undoRun(options: UndoOptions): Promise<UndoReport> {
  // Few programs undo: the code is loaded by those that do.
  const undo = await import('./undo-run.js')
  return await undo.undoRun(options)
}
