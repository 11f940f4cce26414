/**
 * Which options a plan holds: those that decide what is done, as they were given. How it is done, and who is told, is said
 * anew when it is applied.
 */
import { givenOptions } from './given-options.js'
import { SyncError } from './model/errors.js'
import { show } from './model/show.js'
import type { SyncOptions } from './options.js'
import { refuse } from './refusals.js'
import { nameFromBytes } from './tree/names.js'

/** The options of a run that applies a plan. */
export type ApplyOptions = Pick<
  SyncOptions,
  | 'wait'
  | 'durable'
  | 'bwlimit'
  | 'partial'
  | 'backupDir'
  | 'keep'
  | 'hashMemory'
  | 'dryRun'
  | 'concurrency'
  | 'callerHelps'
  | 'held'
  | 'native'
  | 'ownFiles'
  | 'stateFolder'
  | 'signal'
  | 'on'
  | 'reject'
>

const applyOptionNames: readonly (keyof ApplyOptions)[] = [
  'wait',
  'durable',
  'bwlimit',
  'partial',
  'backupDir',
  'keep',
  'hashMemory',
  'dryRun',
  'concurrency',
  'callerHelps',
  'held',
  'native',
  'ownFiles',
  'stateFolder',
  'signal',
  'on',
  'reject',
]

/** What of the options is held, but for the roots. */
export type HeldOptions = Readonly<Record<string, unknown>>

const notHeld: ReadonlySet<string> = new Set([...applyOptionNames, 'source', 'replica'])
const instants: ReadonlySet<string> = new Set(['newer', 'older'])

/** @param names all options there are */
export function heldOptionsOf(options: SyncOptions, names: Iterable<string>): HeldOptions {
  const held = Object.entries(givenOptions(options, names)).filter(
    ([name, value]) => !notHeld.has(name) && value !== undefined,
  )
  for (const [name, value] of held) {
    const isData = typeof value !== 'function' && !(typeof value === 'object' && hasFunctions(value))
    if (isData) continue
    const message = `option "${name}" is a function, which cannot be held with a plan: leave it out`
    throw new SyncError('invalid-options', 2, message)
  }
  return Object.fromEntries(
    held.map(([name, value]) => [name, name === 'files' ? listedAsText(value) : value]),
  )
}

/** Paths may be given as bytes, which text does not have. */
function listedAsText(files: unknown): unknown {
  if (!Array.isArray(files)) return files
  return files.map((path: unknown) => (path instanceof Uint8Array ? nameFromBytes(path) : path))
}

function hasFunctions(value: object | null): boolean {
  return value !== null && 'create' in value && typeof value.create === 'function'
}

/** What was held as the options it was made from. What they say is checked by who takes them. */
export function optionsOfHeld(held: HeldOptions): Partial<SyncOptions> {
  const options: [string, unknown][] = []
  for (const [name, value] of Object.entries(held)) {
    if (notHeld.has(name))
      throw new SyncError('invalid-options', 2, `option ${show(name)} is none of a plan's`)
    const isInstant = instants.has(name) && typeof value === 'string'
    options.push([name, isInstant ? new Date(value) : value])
  }
  return Object.fromEntries(options)
}

/** Refuses what a plan has decided. */
export function applyOptionsFrom(given: ApplyOptions): ApplyOptions {
  if (typeof given !== 'object' || given === null) throw refuse('options', 'an object', given)
  const known: ReadonlySet<string> = new Set(applyOptionNames)
  const other = Object.keys(given).find(name => !known.has(name))
  if (other === undefined) return givenOptions(given, applyOptionNames)
  const message = `option ${show(other)} is not one for a plan that is applied: what it does was decided when it was made`
  throw new SyncError('invalid-options', 2, message)
}
