/**
 * Options, checked once, to settings that nothing changes any more. The only place that knows defaults.
 */
import { SyncError } from './model/errors.js'
import type { SyncEvents } from './model/events.js'
import type { Comparer, Filter, Hasher, HeldOption, SyncOptions } from './options.js'
import { givenOptions } from './given-options.js'
import type { Preserve } from './model/preserve.js'
import { show } from './model/show.js'
import type { MaxDelete } from './plan/guard.js'
import type { Pattern } from './walk/patterns.js'
import {
  booleanOption,
  compareOption,
  type Concurrency,
  concurrencyOption,
  eventsOption,
  functionOption,
  hasherOption,
  heldOption,
  listOption,
  maxDeleteOption,
  patternsOption,
  preserveOption,
  signalOption,
} from './option-values.js'
import { pathOption } from './path-option.js'
import { conflict, refuse } from './refusals.js'
import { defaultStateFolder } from './surroundings.js'

export interface Settings {
  /** Absolute paths. */
  readonly source: string
  readonly replica: string
  readonly include: readonly Pattern[]
  readonly exclude: readonly Pattern[]
  readonly filter: Filter | undefined
  readonly compare: 'metadata' | 'content' | Comparer
  readonly hasher: string | Hasher | undefined
  readonly delete: boolean
  readonly deleteExcluded: boolean
  readonly maxDelete: MaxDelete | undefined
  readonly allowEmptySource: boolean
  readonly allowNewSource: boolean
  readonly allowSystemReplica: boolean
  readonly oneFileSystem: boolean
  readonly preserve: Preserve
  readonly verify: boolean
  readonly wait: boolean
  readonly durable: boolean
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

const optionNames: ReadonlySet<string> = new Set<keyof SyncOptions>([
  'source',
  'replica',
  'include',
  'exclude',
  'filter',
  'compare',
  'hasher',
  'delete',
  'deleteExcluded',
  'maxDelete',
  'allowEmptySource',
  'allowNewSource',
  'allowSystemReplica',
  'oneFileSystem',
  'preserve',
  'verify',
  'wait',
  'durable',
  'dryRun',
  'strict',
  'concurrency',
  'callerHelps',
  'held',
  'native',
  'ownFiles',
  'stateFolder',
  'signal',
  'on',
  'reject',
])

/** Checks options; throws a `SyncError` with the code `invalid-options` for what is wrong with them. */
export function settingsFrom(given: SyncOptions): Settings {
  if (typeof given !== 'object' || given === null) throw refuse('options', 'an object', given)
  for (const key of Object.keys(given)) {
    if (!optionNames.has(key)) throw new SyncError('invalid-options', 2, `option ${show(key)} is not known`)
  }
  const options = givenOptions(given, optionNames)
  // Defaults stand for what is missing, never for null: a `delete: null` that came from somewhere must not delete.
  const {
    include = ['**'],
    exclude = [],
    compare = 'metadata',
    delete: deletes = true,
    deleteExcluded = false,
    allowEmptySource = false,
    allowNewSource = false,
    allowSystemReplica = false,
    oneFileSystem = false,
    preserve = {},
    verify = false,
    wait = false,
    durable = false,
    dryRun = false,
    strict = false,
    concurrency = 'auto',
    callerHelps = false,
    held = 'auto',
    native = true,
    ownFiles = [],
    on = {},
    reject = true,
    stateFolder = defaultStateFolder(),
  } = options
  const settings: Settings = {
    source: pathOption(options.source, 'source'),
    replica: pathOption(options.replica, 'replica'),
    include: patternsOption(include, 'include'),
    exclude: patternsOption(exclude, 'exclude'),
    filter: functionOption(options.filter, 'filter'),
    compare: compareOption(compare),
    hasher: hasherOption(options.hasher),
    delete: booleanOption(deletes, 'delete'),
    deleteExcluded: booleanOption(deleteExcluded, 'deleteExcluded'),
    maxDelete: options.maxDelete === undefined ? undefined : maxDeleteOption(options.maxDelete),
    allowEmptySource: booleanOption(allowEmptySource, 'allowEmptySource'),
    allowNewSource: booleanOption(allowNewSource, 'allowNewSource'),
    allowSystemReplica: booleanOption(allowSystemReplica, 'allowSystemReplica'),
    oneFileSystem: booleanOption(oneFileSystem, 'oneFileSystem'),
    preserve: preserveOption(preserve),
    verify: booleanOption(verify, 'verify'),
    wait: booleanOption(wait, 'wait'),
    durable: booleanOption(durable, 'durable'),
    dryRun: booleanOption(dryRun, 'dryRun'),
    strict: booleanOption(strict, 'strict'),
    concurrency: concurrencyOption(concurrency),
    callerHelps: booleanOption(callerHelps, 'callerHelps'),
    held: heldOption(held),
    native: booleanOption(native, 'native'),
    ownFiles: listOption(ownFiles, 'ownFiles').map(file => pathOption(file, 'ownFiles')),
    stateFolder: pathOption(stateFolder, 'stateFolder'),
    signal: signalOption(options.signal),
    on: eventsOption(on),
    reject: booleanOption(reject, 'reject'),
  }
  refuseConflicts(settings)
  return Object.freeze(settings)
}

/** Settings for what changes nothing by its nature; options that could have no effect there are refused. */
export function settingsForReading(
  given: SyncOptions,
  what: 'a plan' | 'a check',
  meaningless: readonly ('wait' | 'durable' | 'allowNewSource')[],
): Settings {
  const settings = settingsFrom(given)
  const met = meaningless.find(option => settings[option])
  if (met !== undefined) {
    const message = `option "${met}: true" has no effect on ${what}, which changes nothing: leave it out`
    throw new SyncError('invalid-options', 2, message)
  }
  return Object.freeze({ ...settings, dryRun: true })
}

const timeIsNeeded =
  'true while compare is "metadata", for without its time a copy cannot be told from an older version of equal size'

function refuseConflicts(settings: Settings): void {
  const { delete: deletes, deleteExcluded, maxDelete, include, held, native, preserve, compare } = settings
  if (!deletes && deleteExcluded) throw conflict('deleteExcluded: true', 'delete: false')
  if (!deletes && maxDelete !== undefined) throw conflict('maxDelete', 'delete: false')
  if (settings.wait && settings.dryRun) throw conflict('wait: true', 'dryRun: true')
  // What is left alone could keep what this option is to take away.
  if (!preserve.suid && !preserve.mode) throw conflict('preserve.suid: false', 'preserve.mode: false')
  if (!preserve.suid && !preserve.xattrs) throw conflict('preserve.suid: false', 'preserve.xattrs: false')
  if (settings.durable && settings.dryRun) throw conflict('durable: true', 'dryRun: true')
  if (held === 'libc' && !native) throw conflict('held: "libc"', 'native: false')
  if (!preserve.times && compare === 'metadata') throw refuse('preserve.times', timeIsNeeded, false)
  if (include.length === 0) throw refuse('include', 'at least one glob, or none of the option', [])
}
