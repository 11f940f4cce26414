/**
 * What file systems were found to hold, kept in the state folder, one file a replica: asking means writing to them, which
 * a run with nothing to do should not, and a dry run must not. What cannot be read or written there is as good as not
 * there.
 */
import { createHash, randomBytes } from 'node:crypto'
import { lstatSync, mkdirSync, readFileSync, realpathSync, renameSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { type Abilities, fullAbilities } from './abilities.js'

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
  const { folder, file } = placeOf(stateFolder, path)
  const entries = Object.entries(abilities).map(([key, value]) => [key, plain(value)])
  const content = { format, path, about, at: Date.now(), abilities: Object.fromEntries(entries) }
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    // INVARIANT: a new file of a name nobody can guess: the folder may be somebody else's, and we may be root.
    const written = `${file}.${randomBytes(16).toString('hex')}`
    writeFileSync(written, JSON.stringify(content), { mode: 0o600, flag: 'wx' })
    renameSync(written, file)
  } catch {
    // Then it is asked again.
  }
}

/** Undefined when it was not asked yet, or of something else. */
export function recallAbilities(stateFolder: string, { path, about }: Asked): Remembered | undefined {
  try {
    const { file } = placeOf(stateFolder, path)
    // Nobody else is believed.
    if (lstatSync(file).uid !== (process.geteuid?.() ?? 0)) return undefined
    const found: unknown = JSON.parse(readFileSync(file, 'utf8'))
    const isThis = fieldOf(found, 'format') === format && fieldOf(found, 'path') === path
    if (!isThis || fieldOf(found, 'about') !== about) return undefined
    const values = fieldOf(found, 'abilities')
    const entries = Object.entries(fullAbilities).map(([key, like]) => [
      key,
      parsed(fieldOf(values, key), like),
    ])
    const ageMs = Date.now() - Number(fieldOf(found, 'at'))
    const abilities = Object.fromEntries(entries) as unknown as Abilities
    return isSensible(abilities) ? { abilities, ageMs } : undefined
  } catch {
    return undefined
  }
}

/** What reckoning with them relies on. */
function isSensible({ timeStepNs, earlyStepNs, earliestNs, latestNs, maxLinks }: Abilities): boolean {
  return timeStepNs > 0n && earlyStepNs > 0n && earliestNs < latestNs && maxLinks >= 1
}

/** Whether a folder, there or not, lies in one of others: what is written there would be mirrored, or deleted. */
export function liesInOne(folder: string, others: readonly string[]): boolean {
  const at = realOf(folder)
  return others.map(realOf).some(other => at === other || at.startsWith(other === '/' ? '/' : `${other}/`))
}

function realOf(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    const parent = dirname(path)
    return parent === path ? path : join(realOf(parent), basename(path))
  }
}

function placeOf(stateFolder: string, path: string): { readonly folder: string; readonly file: string } {
  const folder = join(stateFolder, 'abilities')
  const name = createHash('sha256').update(Buffer.from(path, 'utf16le')).digest('hex')
  return { folder, file: join(folder, `${name.slice(0, 32)}.json`) }
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
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
