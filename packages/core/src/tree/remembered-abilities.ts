/**
 * What file systems were found to hold that can be asked only by writing to them: a dry run must not, and takes what
 * the last real run found. Kept in the state folder, one file a replica; what cannot be read or written there is as
 * good as not there, for it only decides what a dry run shows.
 */
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Abilities, fullAbilities } from './abilities.js'

const format = 'facsimile-abilities-1'

/** @param path the absolute path of the replica */
export function rememberAbilities(stateFolder: string, path: string, abilities: Abilities): void {
  const { folder, file } = placeOf(stateFolder, path)
  const entries = Object.entries(abilities).map(([key, value]) => [key, plain(value)])
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const written = `${file}.${process.pid}`
    writeFileSync(written, JSON.stringify({ format, path, ...Object.fromEntries(entries) }), { mode: 0o600 })
    renameSync(written, file)
  } catch {
    // Then a dry run knows less.
  }
}

/** Undefined when no run has asked this replica yet. */
export function recallAbilities(stateFolder: string, path: string): Abilities | undefined {
  try {
    const found: unknown = JSON.parse(readFileSync(placeOf(stateFolder, path).file, 'utf8'))
    if (typeof found !== 'object' || found === null || Reflect.get(found, 'format') !== format)
      return undefined
    if (Reflect.get(found, 'path') !== path) return undefined
    const entries = Object.entries(fullAbilities).map(([key, like]) => [
      key,
      parsed(Reflect.get(found, key), like),
    ])
    return Object.fromEntries(entries) as unknown as Abilities
  } catch {
    return undefined
  }
}

function placeOf(stateFolder: string, path: string): { readonly folder: string; readonly file: string } {
  const folder = join(stateFolder, 'abilities')
  const name = createHash('sha256').update(Buffer.from(path, 'utf16le')).digest('hex')
  return { folder, file: join(folder, `${name.slice(0, 32)}.json`) }
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
