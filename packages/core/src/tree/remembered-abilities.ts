/**
 * What file systems were found to hold, kept in the state folder, one file a replica: asking means writing to them, which
 * a run with nothing to do should not, and a dry run must not. What cannot be read or written there is as good as not
 * there.
 */
import { type Abilities, fullAbilities } from './abilities.js'
import { fieldOf, readState, type StateFile, writeState } from './state-file.js'

const format = 'facsimile-abilities-1'

/** What was asked, and by whom: anything else has to be asked again. */
export interface Asked {
  /** The absolute path of the replica. */
  readonly path: string
  /** Whatever else decides on the answer, as text. */
  readonly about: string
}

export interface Remembered {
  readonly abilities: Abilities
  readonly ageMs: number
}

export function rememberAbilities(stateFolder: string, { path, about }: Asked, abilities: Abilities): void {
  const entries = Object.entries(abilities).map(([key, value]) => [key, plain(value)])
  const content = { format, path, about, at: Date.now(), abilities: Object.fromEntries(entries) }
  try {
    writeState(fileOf(stateFolder, path), content)
  } catch {
    // Then it is asked again.
  }
}

/** Undefined when it was not asked yet, or of something else. */
export function recallAbilities(stateFolder: string, { path, about }: Asked): Remembered | undefined {
  try {
    const found = readState(fileOf(stateFolder, path))
    const isThis = fieldOf(found, 'format') === format && fieldOf(found, 'path') === path
    if (!isThis || fieldOf(found, 'about') !== about) return undefined
    const values = fieldOf(found, 'abilities')
    const entries = Object.entries(fullAbilities).map(([key, like]) => [
      key,
      parsed(fieldOf(values, key), like),
    ])
    const ageMs = Date.now() - Number(fieldOf(found, 'at'))
    const abilities = Object.fromEntries(entries) as unknown as Abilities
    // What comes from the future was noted by a clock that was wrong, and would never grow old.
    return ageMs >= 0 && isSensible(abilities) ? { abilities, ageMs } : undefined
  } catch {
    return undefined
  }
}

/** What reckoning with them relies on. */
function isSensible({ timeStepNs, earlyStepNs, earliestNs, latestNs, maxLinks }: Abilities): boolean {
  return timeStepNs > 0n && earlyStepNs > 0n && earliestNs < latestNs && maxLinks >= 1
}

function fileOf(stateFolder: string, path: string): StateFile {
  return { stateFolder, sort: 'abilities', about: path }
}

/** JSON has neither 64-bit numbers nor the infinite one. */
function plain(value: boolean | number | bigint): boolean | string {
  return typeof value === 'boolean' ? value : String(value)
}

/** Throws for what is not of the sort that is expected. */
function parsed(value: unknown, like: boolean | number | bigint): boolean | number | bigint {
  if (typeof like === 'boolean' && typeof value === 'boolean') return value
  if (typeof like === 'bigint' && typeof value === 'string') return BigInt(value)
  if (typeof like === 'number' && typeof value === 'string' && !Number.isNaN(Number(value)))
    return Number(value)
  throw new TypeError('not what was remembered')
}
