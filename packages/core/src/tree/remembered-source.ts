/**
 * What the source was when it was last mirrored well, kept in the state folder for each pair of roots. INVARIANT: what is
 * kept there can only refuse a run. Lost, spoilt or forged it is as if there had been no run before, and nothing is ever
 * deleted for what it says.
 */
import type { FolderIdentity } from './folder-identity.js'
import { fieldOf, readState, type StateFile, writeState } from './state-file.js'

const format = 'facsimile-source-1'

/** Absolute paths, as they were given. */
export interface RootPair {
  readonly source: string
  readonly replica: string
}

export interface RememberedSource {
  readonly identity: FolderIdentity
  /** When it was first looked at, since another one was there. */
  readonly atNs: bigint
  /** What it was before, newest first, on the same file system: a deployment may go back to one of them. */
  readonly earlier: readonly FolderIdentity[]
}

const fields: readonly (keyof FolderIdentity)[] = [
  'type',
  'uuid',
  'place',
  'run',
  'mounted',
  'inode',
  'bornNs',
]

/** Undefined when there was no such run, or nothing that can be believed tells of it. */
export function recallSource(stateFolder: string, roots: RootPair): RememberedSource | undefined {
  try {
    const found = readState(fileOf(stateFolder, roots))
    if (fieldOf(found, 'format') !== format) return undefined
    if (fieldOf(found, 'source') !== roots.source || fieldOf(found, 'replica') !== roots.replica)
      return undefined
    const identity = identityIn(fieldOf(found, 'identity'))
    const atNs = fieldOf(found, 'atNs')
    const kept = fieldOf(found, 'earlier')
    if (identity === undefined || typeof atNs !== 'string' || !Array.isArray(kept)) return undefined
    const earlier = kept.map(identityIn).filter(each => each !== undefined)
    return { identity, atNs: BigInt(atNs), earlier }
  } catch {
    return undefined
  }
}

/** As good as it goes: a state folder that cannot be written to fails no run. */
export function rememberSource(stateFolder: string, roots: RootPair, seen: RememberedSource): void {
  const { identity, atNs, earlier } = seen
  try {
    writeState(fileOf(stateFolder, roots), { format, ...roots, atNs: String(atNs), identity, earlier })
  } catch {
    // Then the next run knows nothing of this one.
  }
}

function identityIn(kept: unknown): FolderIdentity | undefined {
  const entries = fields.map(field => [field, fieldOf(kept, field)] as const)
  if (entries.some(([, value]) => typeof value !== 'string')) return undefined
  return Object.fromEntries(entries) as unknown as FolderIdentity
}

function fileOf(stateFolder: string, { source, replica }: RootPair): StateFile {
  return { stateFolder, sort: 'sources', about: `${source}\0${replica}` }
}
