/** The flags for what a run keeps of what it overwrites, and for the undo. */
import type { Flag } from './flag.js'
import { countOrDays, single, text } from './values.js'

export const backupFlags: readonly Flag[] = [
  {
    long: '--backup-dir',
    value: 'DIR',
    option: 'backupDir',
    read: single(text),
    group: 'Safety',
    help: 'keep in this folder what is overwritten or deleted, each run by itself, so that facsimile undo can put it back',
  },
  {
    long: '--keep',
    value: 'N|Nd',
    option: 'keep',
    read: single(countOrDays),
    group: 'Safety',
    help: 'remove from --backup-dir all but so many runs of this replica, or those older than so many days, such as 30d, after a run that ended with 0',
  },
  {
    long: '--run',
    value: 'ID',
    option: 'run',
    read: single(text),
    group: 'Safety',
    help: 'with undo: the run to undo, by the name of its folder in --backup-dir, instead of the last one',
  },
]
