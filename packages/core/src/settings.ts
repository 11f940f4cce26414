/** What a run is told: options that were checked, and that nothing changes any more. */
import type { SyncEvents } from './model/events.js'
import type { Comparer, Filter, Hasher } from './caller-functions.js'
import type { HeldOption } from './options.js'
import type { Preserve } from './model/preserve.js'
import type { MaxDelete } from './plan/guard.js'
import type { ListedPaths } from './walk/listed-paths.js'
import type { Pattern } from './walk/patterns.js'
import type { Rule } from './walk/rules.js'
import { type Concurrency } from './option-values.js'
import type { FileLimits, LinkPolicy } from './model/compare-settings.js'
import type { Keep } from './model/keep.js'

export interface Settings {
  /** Absolute paths. */
  readonly source: string
  readonly replica: string
  readonly include: readonly Pattern[]
  readonly exclude: readonly Pattern[]
  readonly rules: readonly Rule[]
  /** What the caller lists. */
  readonly files: ListedPaths | undefined
  /** What ignore files are called. */
  readonly ignoreFile: string | undefined
  readonly limits: FileLimits | undefined
  readonly filter: Filter | undefined
  readonly compare: 'metadata' | 'content' | Comparer
  readonly hasher: string | Hasher | undefined
  readonly hashMemory: boolean
  /** How many of a hundred are read again. */
  readonly scrub: number | undefined
  readonly delete: boolean
  readonly deleteExcluded: boolean
  readonly maxDelete: MaxDelete | undefined
  readonly renames: boolean
  /** Whether whole directories are: a run finds out that its replica cannot. */
  readonly movesDirectories: boolean
  readonly allowEmptySource: boolean
  readonly allowNewSource: boolean
  readonly allowSystemReplica: boolean
  readonly oneFileSystem: boolean
  readonly links: LinkPolicy
  readonly preserve: Preserve
  readonly verify: boolean
  readonly wait: boolean
  readonly durable: boolean
  /** Bytes a second. */
  readonly bwlimit: number | undefined
  readonly partial: boolean
  /** Where what is overwritten or deleted is kept. */
  readonly backupDir: string | undefined
  readonly keep: Keep | undefined
  readonly dryRun: boolean
  readonly strict: boolean
  /** Worker threads; 1 means none. */
  readonly concurrency: Concurrency
  readonly callerHelps: boolean
  readonly held: HeldOption
  readonly native: boolean
  readonly ownFiles: readonly string[]
  readonly stateFolder: string
  readonly signal: AbortSignal | undefined
  readonly on: SyncEvents
  readonly reject: boolean
}
