import type { RunBackup } from './run-backup.js'
import type { Settings } from './settings.js'
import type { Roots } from './tree/roots.js'

/** Keeps what a run overwrites. The code is loaded by who asks for it; it is ended after the threads have ended. */
export async function backupOf(
  { backupDir = '', replica, keep, dryRun, durable, stateFolder }: Settings,
  roots: Roots,
  closers: (() => void | Promise<void>)[],
): Promise<RunBackup | undefined> {
  const { prepareBackup } = await import('./run-backup.js')
  const { rememberBackup } = await import('./tree/remembered-backup.js')
  const backup = prepareBackup({ backupDir, replica, keep, dryRun, durable }, roots, roots.source.spec.way)
  if (backup !== undefined) {
    closers.push(() => {
      if (backup.spec !== undefined) rememberBackup(stateFolder, replica, backupDir)
      backup.end()
    })
  }
  return backup
}
