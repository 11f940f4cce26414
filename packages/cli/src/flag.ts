/** What a flag is: what it is called, which option it sets, how its value is read, what the help says. */
import type { DurationText, SyncOptions } from '@facsimile/core'
import type { SchedulerName } from './jobs/job.js'
import type { ValueReader } from './values.js'

/** The options of the library that no flag sets. `native` is set by the environment. */
export type LibraryOnly =
  | 'filter'
  | 'replica'
  | 'native'
  | 'callerHelps'
  | 'ownFiles'
  | 'stateFolder'
  | 'signal'
  | 'on'
  | 'reject'

/** What the command adds to the library's options. */
export interface CommandOptions {
  /** One replica, or several. */
  readonly replicas?: readonly string[]
  readonly log?: string
  readonly from0?: boolean
  /** Where a plan is written. */
  readonly out?: string
  readonly intervalMs?: number
  /** As text, such as `15m`. */
  readonly every?: DurationText
  readonly cron?: string
  readonly timeZone?: string
  readonly watch?: boolean
  readonly reconcile?: DurationText
  /** How large the log may become, how old, and how many old ones are kept. */
  readonly logMaxBytes?: number
  readonly logMaxAge?: DurationText
  readonly logKeep?: number
  readonly json?: boolean
  readonly quiet?: boolean
  readonly verbose?: boolean
  /** The run to undo. */
  readonly run?: string
  /** Whether a schedule is told to a scheduler, which one, and whether a run of it is left out that is not due. */
  readonly install?: boolean
  readonly scheduler?: SchedulerName
  readonly ifDue?: boolean
  /** How old the last good run may be. */
  readonly maxAge?: DurationText
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
  'What is kept of it',
  'How',
  'Safety',
  'Output',
  'Schedules',
  'Historical form',
  'Advanced',
] as const

type FlagGroup = (typeof flagGroups)[number]
