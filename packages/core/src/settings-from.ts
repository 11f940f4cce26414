/**
 * Options, checked once, to settings that nothing changes any more. The only place that knows defaults.
 */
import { refuseConflicts } from './conflicts.js'
import { SyncError } from './model/errors.js'
import type { SyncOptions } from './options.js'
import { givenOptions } from './given-options.js'
import { show } from './model/show.js'
import {
  booleanOption,
  compareOption,
  concurrencyOption,
  eventsOption,
  filesOption,
  functionOption,
  hasherOption,
  heldOption,
  limitsOption,
  linksOption,
  listOption,
  maxDeleteOption,
  nameOption,
  patternsOption,
  preserveOption,
  rulesOption,
  rateOption,
  signalOption,
} from './option-values.js'
import { keepOption } from './keep-option.js'
import { pathOption } from './path-option.js'
import { conflict, refuse } from './refusals.js'
import { scrubOption } from './scrub-option.js'
import { defaultStateFolder } from './surroundings.js'
import type { Settings } from './settings.js'

export const optionNames: ReadonlySet<string> = new Set<keyof SyncOptions>([
  'source',
  'replica',
  'include',
  'exclude',
  'rules',
  'files',
  'ignoreFile',
  'minSize',
  'maxSize',
  'newer',
  'older',
  'filter',
  'compare',
  'hasher',
  'hashMemory',
  'scrub',
  'delete',
  'deleteExcluded',
  'maxDelete',
  'renames',
  'allowEmptySource',
  'allowNewSource',
  'allowSystemReplica',
  'oneFileSystem',
  'links',
  'preserve',
  'verify',
  'wait',
  'durable',
  'bwlimit',
  'partial',
  'backupDir',
  'keep',
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
    rules = [],
    compare = 'metadata',
    hashMemory = true,
    delete: deletes = true,
    deleteExcluded = false,
    renames = true,
    allowEmptySource = false,
    allowNewSource = false,
    allowSystemReplica = false,
    oneFileSystem = false,
    links = 'preserve',
    preserve = {},
    verify = false,
    wait = false,
    durable = false,
    partial = false,
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
    rules: rulesOption(rules),
    files: options.files === undefined ? undefined : filesOption(options.files),
    ignoreFile: options.ignoreFile === undefined ? undefined : nameOption(options.ignoreFile, 'ignoreFile'),
    limits: limitsOption(options),
    filter: functionOption(options.filter, 'filter'),
    compare: compareOption(compare),
    hasher: hasherOption(options.hasher),
    hashMemory: booleanOption(hashMemory, 'hashMemory'),
    scrub: options.scrub === undefined ? undefined : scrubOption(options.scrub),
    delete: booleanOption(deletes, 'delete'),
    deleteExcluded: booleanOption(deleteExcluded, 'deleteExcluded'),
    maxDelete: options.maxDelete === undefined ? undefined : maxDeleteOption(options.maxDelete),
    renames: booleanOption(renames, 'renames'),
    movesDirectories: true,
    allowEmptySource: booleanOption(allowEmptySource, 'allowEmptySource'),
    allowNewSource: booleanOption(allowNewSource, 'allowNewSource'),
    allowSystemReplica: booleanOption(allowSystemReplica, 'allowSystemReplica'),
    oneFileSystem: booleanOption(oneFileSystem, 'oneFileSystem'),
    links: linksOption(links),
    preserve: preserveOption(preserve),
    verify: booleanOption(verify, 'verify'),
    wait: booleanOption(wait, 'wait'),
    durable: booleanOption(durable, 'durable'),
    bwlimit: rateOption(options.bwlimit),
    partial: booleanOption(partial, 'partial'),
    backupDir: options.backupDir === undefined ? undefined : pathOption(options.backupDir, 'backupDir'),
    keep: options.keep === undefined ? undefined : keepOption(options.keep),
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
  // What a dead run staged is an entry of the replica: to take it over is no step that could be undone.
  if (settings.partial && settings.backupDir !== undefined) throw conflict('partial: true', 'backupDir')
  if (settings.files !== undefined && options.include !== undefined) throw conflict('files', 'include')
  refuseConflicts(settings)
  return Object.freeze(settings)
}
