/** The flags for what --checksum remembers. */
import type { Flag } from './flag.js'
import { percentage, single } from './values.js'

export const memoryFlags: readonly Flag[] = [
  {
    long: '--no-hash-memory',
    option: 'hashMemory',
    sets: false,
    group: 'How',
    help: 'with --checksum, read every file, and remember nothing of what was found equal',
  },
  {
    long: '--scrub',
    value: 'N%',
    option: 'scrub',
    read: single(percentage),
    group: 'How',
    conflicts: ['--no-hash-memory'],
    help: 'with --checksum, read this share of the files again that are remembered as unchanged, others in each run, to find what rots',
  },
]
