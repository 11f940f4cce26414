/**
 * Options, checked once, to settings that nothing changes any more. The only place that knows defaults.
 */
import { availableParallelism } from 'node:os'
import { isHashName } from './hash/hasher.js'
import { SyncError } from './model/errors.js'
import type { SyncEvents } from './model/events.js'
import type { Comparer, Filter, Hasher, HeldOption, SyncOptions } from './options.js'
import { givenOptions } from './given-options.js'
import { type Preserve, preserveAll } from './model/preserve.js'
import { show } from './model/show.js'
import type { MaxDelete } from './plan/guard.js'
import { parsePattern, type Pattern } from './walk/patterns.js'
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
  readonly concurrency: number
  readonly callerHelps: boolean
  readonly held: HeldOption
  readonly native: boolean
  readonly ownFiles: readonly string[]
  readonly stateFolder: string
  readonly signal: AbortSignal | undefined
  readonly on: SyncEvents
  readonly reject: boolean
}

const mostConcurrency = 256
/** More threads than this do not help where one disk is behind them. */
const mostAutomatic = 8
const mostPatterns = 10_000
const eventNames = ['plan', 'change', 'outcome', 'progress', 'problem'] as const

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

const timeIsNeeded =
  'true while compare is "metadata", for without its time a copy cannot be told from an older version of equal size'

function refuseConflicts(settings: Settings): void {
  const { delete: deletes, deleteExcluded, maxDelete, include, held, native, preserve, compare } = settings
  if (!deletes && deleteExcluded) throw conflict('deleteExcluded: true', 'delete: false')
  if (!deletes && maxDelete !== undefined) throw conflict('maxDelete', 'delete: false')
  if (settings.wait && settings.dryRun) throw conflict('wait: true', 'dryRun: true')
  if (held === 'libc' && !native) throw conflict('held: "libc"', 'native: false')
  if (!preserve.times && compare === 'metadata') throw refuse('preserve.times', timeIsNeeded, false)
  if (include.length === 0) throw refuse('include', 'at least one glob, or none of the option', [])
}

function listOption(value: unknown, option: string): readonly unknown[] {
  if (!Array.isArray(value)) throw refuse(option, 'a list', value)
  return value
}

function patternsOption(value: unknown, option: string): readonly Pattern[] {
  const patterns = listOption(value, option)
  if (patterns.length > mostPatterns) throw refuse(option, `at most ${mostPatterns} globs`, patterns.length)
  return patterns.map(pattern => parsePattern(pattern, option))
}

function functionOption<F>(value: F | undefined, option: string): F | undefined {
  if (value !== undefined && typeof value !== 'function') throw refuse(option, 'a function', value)
  return value
}

function compareOption(value: NonNullable<SyncOptions['compare']>): Settings['compare'] {
  if (value === 'metadata' || value === 'content' || typeof value === 'function') return value
  throw refuse('compare', '"metadata", "content", or a function', value)
}

function hasherOption(value: SyncOptions['hasher']): Settings['hasher'] {
  if (value === undefined) return undefined
  if (typeof value === 'string' && isHashName(value)) return value
  const isHasher = typeof value === 'object' && value !== null && typeof value.create === 'function'
  if (isHasher && typeof value.name === 'string') return value
  throw refuse('hasher', '"xxh64", a hash that node:crypto knows, or an object with name and create()', value)
}

function booleanOption(value: unknown, option: string): boolean {
  if (typeof value !== 'boolean') throw refuse(option, 'true or false', value)
  return value
}

function preserveOption(value: unknown): Preserve {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw refuse('preserve', 'an object', value)
  const names = Object.keys(preserveAll)
  const given = Object.entries(value).filter(([, wanted]) => wanted !== undefined)
  for (const [name, wanted] of given) {
    if (!names.includes(name)) throw refuse('preserve', `any of ${names.join(', ')}`, name)
    booleanOption(wanted, `preserve.${name}`)
  }
  return { ...preserveAll, ...Object.fromEntries(given) }
}

function maxDeleteOption(value: unknown): MaxDelete {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0)
    return { unit: 'entries', limit: value }
  const percent = typeof value === 'string' ? /^(\d+(?:\.\d+)?)%$/.exec(value)?.[1] : undefined
  if (percent !== undefined && Number(percent) <= 100) return { unit: 'percent', limit: Number(percent) }
  throw refuse('maxDelete', 'a whole number of entries, or a percentage from "0%" to "100%"', value)
}

function concurrencyOption(value: unknown): number {
  if (value === 'auto') return Math.min(availableParallelism(), mostAutomatic)
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= mostConcurrency)
    return value
  throw refuse('concurrency', `"auto", or a whole number from 1 to ${mostConcurrency}`, value)
}

function heldOption(value: unknown): HeldOption {
  if (value === 'auto' || value === 'libc' || value === 'proc' || value === 'paths') return value
  throw refuse('held', '"auto", "libc", "proc" or "paths"', value)
}

function signalOption(value: unknown): AbortSignal | undefined {
  if (value === undefined || value instanceof AbortSignal) return value
  throw refuse('signal', 'an AbortSignal', value)
}

function eventsOption(value: unknown): SyncEvents {
  if (typeof value !== 'object' || value === null) throw refuse('on', 'an object of functions', value)
  for (const name of Object.keys(value)) {
    if (!eventNames.some(known => known === name))
      throw refuse('on', `functions named ${eventNames.join(', ')}`, name)
  }
  // By their names, and bound: they may be the methods of an object's class.
  const given: object = givenOptions(value, eventNames)
  const hooks = eventNames.flatMap(name => {
    const hook: unknown = Reflect.get(given, name)
    if (hook === undefined) return []
    if (typeof hook !== 'function') throw refuse(`on.${name}`, 'a function', hook)
    return [[name, hook.bind(value)] as const]
  })
  return Object.assign(Object.create(null), Object.fromEntries(hooks))
}
