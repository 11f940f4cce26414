/** Options that contradict each other, or would do nothing without another. */
import { keepNeedsBackup } from './keep-option.js'
import { refuseScrub } from './scrub-option.js'
import { conflict, refuse } from './refusals.js'
import type { Settings } from './settings.js'

const timeIsNeeded =
  'true while compare is "metadata", for without its time a copy cannot be told from an older version of equal size'

export function refuseConflicts(settings: Settings): void {
  const { delete: deletes, deleteExcluded, maxDelete, include, held, native, preserve, compare } = settings
  if (!deletes && deleteExcluded) throw conflict('deleteExcluded: true', 'delete: false')
  if (!deletes && maxDelete !== undefined) throw conflict('maxDelete', 'delete: false')
  if (settings.wait && settings.dryRun) throw conflict('wait: true', 'dryRun: true')
  refuseScrub(settings)
  // What is left alone could keep what this option is to take away.
  if (!preserve.suid && !preserve.mode) throw conflict('preserve.suid: false', 'preserve.mode: false')
  if (!preserve.suid && !preserve.xattrs) throw conflict('preserve.suid: false', 'preserve.xattrs: false')
  if (settings.links === 'follow' && !preserve.links)
    throw conflict('links: "follow"', 'preserve.links: false')
  if (settings.durable && settings.dryRun) throw conflict('durable: true', 'dryRun: true')
  if (settings.bwlimit !== undefined && settings.dryRun) throw conflict('bwlimit', 'dryRun: true')
  if (settings.partial && settings.dryRun) throw conflict('partial: true', 'dryRun: true')
  if (settings.keep !== undefined && settings.backupDir === undefined) throw keepNeedsBackup()
  if (held === 'libc' && !native) throw conflict('held: "libc"', 'native: false')
  if (!preserve.times && compare === 'metadata') throw refuse('preserve.times', timeIsNeeded, false)
  if (include.length === 0) throw refuse('include', 'at least one glob, or none of the option', [])
}
