/** The one table of flags: what each is called, which option it sets, how its value is read, what the help says. */
import type { SyncOptions } from '@facsimile/core'
import {
  countOrAuto,
  countOrPercentage,
  list,
  minutes,
  oneOf,
  single,
  text,
  type ValueReader,
} from './values.js'

/** The options of the library that no flag sets. `native` is set by the environment. */
export type LibraryOnly =
  | 'filter'
  | 'native'
  | 'callerHelps'
  | 'ownFiles'
  | 'stateFolder'
  | 'signal'
  | 'on'
  | 'reject'

/** What the command adds to the library's options. */
export interface CommandOptions {
  readonly log?: string
  readonly intervalMs?: number
  readonly json?: boolean
  readonly quiet?: boolean
  readonly verbose?: boolean
}

/** Everything that flags can set. */
export type Given = Partial<Omit<SyncOptions, LibraryOnly>> & CommandOptions

interface FlagTexts {
  readonly long: `--${string}`
  readonly short?: `-${string}`
  readonly help: string
  readonly group: FlagGroup
  /** Flags that make no sense together with this one. */
  readonly conflicts?: readonly `--${string}`[]
}

/** A flag without a value. */
interface Switch<Key extends keyof Given> extends FlagTexts {
  readonly option: Key
  readonly sets: NonNullable<Given[Key]>
}

/** A flag with a value, called by that name in the help. */
interface Valued<Key extends keyof Given> extends FlagTexts {
  readonly option: Key
  readonly value: string
  readonly read: ValueReader<NonNullable<Given[Key]>>
}

export type Flag = { [Key in keyof Required<Given>]: Switch<Key> | Valued<Key> }[keyof Given]

/** The headings of the help, in their order. */
export const flagGroups = [
  'What is mirrored',
  'How',
  'Safety',
  'Output',
  'Historical form',
  'Advanced',
] as const

type FlagGroup = (typeof flagGroups)[number]

export const flags: readonly Flag[] = [
  {
    long: '--include',
    value: 'GLOB',
    option: 'include',
    read: list,
    group: 'What is mirrored',
    help: 'mirror only what matches, and what lies below it; may be repeated. Without a slash it matches at any depth',
  },
  {
    long: '--exclude',
    value: 'GLOB',
    option: 'exclude',
    read: list,
    group: 'What is mirrored',
    help: 'leave out what matches, and protect it in the replica unless --delete-excluded is given; may be repeated',
  },
  {
    long: '--delete-excluded',
    option: 'deleteExcluded',
    sets: true,
    group: 'What is mirrored',
    help: 'delete from the replica what is excluded, and what --one-file-system leaves out',
  },
  {
    long: '--one-file-system',
    short: '-x',
    option: 'oneFileSystem',
    sets: true,
    group: 'What is mirrored',
    help: 'leave out folders of the source that lie on another file system, and protect them in the replica, unless --delete-excluded is given',
  },
  {
    long: '--checksum',
    short: '-c',
    option: 'compare',
    sets: 'content',
    group: 'How',
    help:
      'compare files by their content. Without it, files of equal size and modification time count as equal, so ' +
      'a file that was changed and kept both is not seen',
  },
  {
    long: '--hash',
    value: 'NAME',
    option: 'hasher',
    read: single(text),
    group: 'How',
    help: 'compute a digest of each file copied, by xxh64 or any name that node:crypto knows; with --checksum compare by it',
  },
  {
    long: '--verify',
    option: 'verify',
    sets: true,
    group: 'How',
    help: 'read each copied file back and compare it with what was read from the source',
  },
  {
    long: '--concurrency',
    value: 'N',
    option: 'concurrency',
    read: single(countOrAuto),
    group: 'How',
    help: 'how many workers compare and copy at once, or auto',
  },
  {
    long: '--interval',
    short: '-i',
    value: 'MINUTES',
    option: 'intervalMs',
    read: single(minutes),
    group: 'How',
    help: 'run at once and then every so many minutes, such as 5 or 0.5, until Ctrl+C',
  },
  {
    long: '--dry-run',
    short: '-n',
    option: 'dryRun',
    sets: true,
    group: 'Safety',
    help: 'say what would be done, and change nothing',
  },
  {
    long: '--no-delete',
    option: 'delete',
    sets: false,
    group: 'Safety',
    help: 'keep in the replica what the source does not have',
  },
  {
    long: '--max-delete',
    value: 'N|N%',
    option: 'maxDelete',
    read: single(countOrPercentage),
    group: 'Safety',
    help: 'refuse the run when more entries than this, or this share of the replica, would be deleted',
  },
  {
    long: '--allow-empty-source',
    option: 'allowEmptySource',
    sets: true,
    group: 'Safety',
    help: 'let a source that holds nothing empty a replica that holds something',
  },
  {
    long: '--strict',
    option: 'strict',
    sets: true,
    group: 'Safety',
    help: 'count what the replica cannot hold as a failure (23)',
  },
  {
    long: '--json',
    option: 'json',
    sets: true,
    group: 'Output',
    conflicts: ['--quiet', '--verbose'],
    help: 'write events as JSON, one a line (schema/events-v1.schema.json)',
  },
  {
    long: '--quiet',
    short: '-q',
    option: 'quiet',
    sets: true,
    group: 'Output',
    conflicts: ['--verbose'],
    help: 'say only what went wrong',
  },
  {
    long: '--verbose',
    short: '-v',
    option: 'verbose',
    sets: true,
    group: 'Output',
    help: 'say for each entry why',
  },
  {
    long: '--log',
    short: '-l',
    value: 'FILE',
    option: 'log',
    read: single(text),
    group: 'Output',
    help: 'append a line to this file for each entry created, updated or deleted, and a summary of each run',
  },
  {
    long: '--source',
    short: '-s',
    value: 'DIR',
    option: 'source',
    read: single(text),
    group: 'Historical form',
    help: 'the source, instead of the first folder',
  },
  {
    long: '--destination',
    short: '-d',
    value: 'DIR',
    option: 'replica',
    read: single(text),
    group: 'Historical form',
    help: 'the replica, instead of the second folder',
  },
  {
    long: '--held',
    value: 'WAY',
    option: 'held',
    read: single(oneOf('auto', 'libc', 'proc', 'paths')),
    group: 'Advanced',
    help: 'how entries are named to the system: libc or proc (by held directories, Linux), paths, or auto',
  },
]
