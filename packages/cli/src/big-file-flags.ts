/** The flags for files that take long to copy. */
import type { Flag } from './flag.js'
import { rate, single } from './values.js'

export const bigFileFlags: readonly Flag[] = [
  {
    long: '--bwlimit',
    value: 'RATE',
    option: 'bwlimit',
    read: single(rate),
    conflicts: ['--dry-run'],
    group: 'How',
    help: 'copy no more than so many bytes a second, to each replica, such as 500K, 10M or 1.5G',
  },
  {
    long: '--partial',
    option: 'partial',
    sets: true,
    conflicts: ['--dry-run'],
    group: 'How',
    help: 'go on with big files that an earlier run with this flag was copying when it was killed or stopped',
  },
]
