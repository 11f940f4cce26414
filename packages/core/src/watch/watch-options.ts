/** What {@link watchFolders} takes, and what becomes of it. */
import { SyncError } from '../model/errors.js'
import { show } from '../model/show.js'
import type { SyncOptions } from '../options.js'
import { periodOption } from './period.js'
import type { WatchReport, WatchState } from './watch-state.js'

/** Options of a run, and of watching. */
export interface WatchOptions extends Omit<SyncOptions, 'dryRun' | 'files' | 'reject'> {
  /**
   * How often all is compared, whatever events said: milliseconds, or text such as `'10m'`; at least a second. What no
   * event tells of, such as changes in the replica, is made good by then.
   * @default '10m'
   */
  readonly reconcile?: number | string
  /**
   * How long nothing must have happened before what was touched is mirrored, in milliseconds or as text.
   * @default 50
   */
  readonly debounce?: number | string
  /**
   * How long what was touched waits at most for that, where something happens all the time.
   * @default '1s'
   */
  readonly maxDelay?: number | string
  /** Called before each run with what it is about, and waited for. */
  readonly onRun?: (scope: WatchReport['scope']) => void | Promise<void>
  /** Called with the state whenever its coverage, or the reason for it, is another one. */
  readonly onState?: (state: WatchState) => void
}

export interface WatchSettings {
  readonly reconcileMs: number
  readonly debounceMs: number
  readonly maxDelayMs: number
  readonly onRun: WatchOptions['onRun'] | undefined
  readonly onState: WatchOptions['onState'] | undefined
  /** What each run is called with. */
  readonly run: SyncOptions
}

const refused: Readonly<Record<string, string>> = {
  dryRun: 'a watch mirrors what happens',
  files: 'a watch decides by itself which part a run is about',
  reject: 'each run of a watch is told by its report',
  replicas: 'a watch keeps one replica; start one watch for each',
}

/** @throws {SyncError} for what is wrong with the options of watching; those of a run are checked by each run */
export function watchSettings(given: WatchOptions): WatchSettings {
  if (typeof given !== 'object' || given === null)
    throw new SyncError('invalid-options', 2, `option "options": expected an object; found ${show(given)}`)
  for (const [name, why] of Object.entries(refused))
    if (Reflect.get(given, name) !== undefined)
      throw new SyncError(
        'invalid-options',
        2,
        `option "${name}" cannot be watched with: ${why}; leave it out`,
      )
  const { reconcile = '10m', debounce = 50, maxDelay = '1s', onRun, onState, ...run } = given
  for (const [name, each] of Object.entries({ onRun, onState }))
    if (each !== undefined && typeof each !== 'function')
      throw new SyncError('invalid-options', 2, `option "${name}": expected a function; found ${show(each)}`)
  return {
    reconcileMs: periodOption('reconcile', reconcile, 1000),
    debounceMs: periodOption('debounce', debounce, 0),
    maxDelayMs: periodOption('maxDelay', maxDelay, 0),
    onRun,
    onState,
    run: { ...run, reject: false },
  }
}
