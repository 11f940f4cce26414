/** What {@link undoRun} takes, checked. */
import type { Reverted } from './backup/steps-back.js'
import type { HeldOption } from './options.js'
import { booleanOption, functionOption, heldOption, signalOption } from './option-values.js'
import { pathOption } from './path-option.js'
import { conflict, refuse } from './refusals.js'
import { SyncError } from './model/errors.js'
import { show } from './model/show.js'
import { defaultStateFolder } from './surroundings.js'
import { recallBackup } from './tree/remembered-backup.js'

/** What was done to one path of the replica to put it back. */
export type Undone = Reverted

/** What {@link undoRun} takes. Unknown options are refused with a `SyncError`. */
export interface UndoOptions {
  /** The replica that is put back. */
  readonly replica: string
  /**
   * The folder that the run was told to keep what it overwrites in.
   * @default that of the last run of this replica which changed something, as the state folder knows it
   */
  readonly backupDir?: string
  /**
   * The run to undo: the name of its folder in `backupDir`.
   * @default the last run that was not undone yet, or one that was killed, if it was the last
   */
  readonly run?: string
  /**
   * Looks whether the run can be undone and tells what would be done, but changes nothing and takes no lock.
   * @default false
   */
  readonly dryRun?: boolean
  /**
   * Waits while another run writes to the replica; without it the undo is refused (27).
   * @default false
   */
  readonly wait?: boolean
  /** How entries are named to the system, as in `SyncOptions`. @default 'auto' */
  readonly held?: HeldOption
  /** Whether the C library may be used. @default true */
  readonly native?: boolean
  /** Where a lock is kept on a file system that has none, and what is known of the last run. @default `.local/state/facsimile` in the user's home */
  readonly stateFolder?: string
  /** Stops a wait for the lock. What was begun is finished. */
  readonly signal?: AbortSignal
  /** Told of each path that is put back, in the order it is done. */
  readonly onUndone?: (done: Undone, path: string) => void
}

export interface UndoSettings {
  readonly replica: string
  readonly backupDir: string
  readonly run: string | undefined
  readonly dryRun: boolean
  readonly wait: boolean
  readonly held: HeldOption
  readonly native: boolean
  readonly stateFolder: string
  readonly signal: AbortSignal | undefined
  readonly onUndone: ((done: Undone, path: string) => void) | undefined
}

const names: ReadonlySet<string> = new Set<keyof UndoOptions>([
  'replica',
  'backupDir',
  'run',
  'dryRun',
  'wait',
  'held',
  'native',
  'stateFolder',
  'signal',
  'onUndone',
])

export function undoSettingsFrom(given: UndoOptions): UndoSettings {
  if (typeof given !== 'object' || given === null) throw refuse('options', 'an object', given)
  for (const key of Object.keys(given)) {
    if (!names.has(key))
      throw new SyncError('invalid-options', 2, `option ${show(key)} is not known to an undo`)
  }
  const {
    dryRun = false,
    wait = false,
    held = 'auto',
    native = true,
    stateFolder = defaultStateFolder(),
  } = given
  if (wait && dryRun) throw conflict('wait: true', 'dryRun: true')
  if (held === 'libc' && !native) throw conflict('held: "libc"', 'native: false')
  if (given.run !== undefined && typeof given.run !== 'string')
    throw refuse('run', 'the name of a folder in backupDir', given.run)
  const replica = pathOption(given.replica, 'replica')
  const state = pathOption(stateFolder, 'stateFolder')
  return {
    replica,
    backupDir:
      given.backupDir === undefined ? recalled(state, replica) : pathOption(given.backupDir, 'backupDir'),
    run: given.run,
    dryRun: booleanOption(dryRun, 'dryRun'),
    wait: booleanOption(wait, 'wait'),
    held: heldOption(held),
    native: booleanOption(native, 'native'),
    stateFolder: state,
    signal: signalOption(given.signal),
    onUndone: functionOption(given.onUndone, 'onUndone'),
  }
}

function recalled(stateFolder: string, replica: string): string {
  const backupDir = recallBackup(stateFolder, replica)
  if (backupDir !== undefined) return backupDir
  const message = `option "backupDir" is needed, the folder that the run kept things in: no such run of ${show(replica)} is known here`
  throw new SyncError('invalid-options', 2, message)
}
