/** Whether the source is what it was when it was last mirrored well, and keeping in mind what it is. */
import type { SourceSeen } from './model/source-seen.js'
import type { Settings } from './settings.js'
import { compareIdentities, type FolderIdentity, identifyFolder } from './tree/folder-identity.js'
import { recallSource, type RememberedSource, rememberSource } from './tree/remembered-source.js'
import type { Roots } from './tree/roots.js'
import { liesBelow, realOf } from './tree/state-file.js'
import { includesAll } from './walk/include.js'

export interface SourceMemory {
  readonly seen: SourceSeen
  /** After a run that came to its end, whatever it could not do. `hasHoles`: the source was not read as a whole. */
  remember(hasHoles: boolean): void
}

type MemorySettings = Pick<
  Settings,
  'source' | 'replica' | 'stateFolder' | 'allowNewSource' | 'delete' | 'include' | 'exclude' | 'filter'
>

export function lookIntoMemory(
  { source: root, mounts }: Pick<Roots, 'source' | 'mounts'>,
  settings: MemorySettings,
): SourceMemory {
  const { source, replica, stateFolder } = settings
  const roots = { source, replica }
  const real = { source: realOf(source), replica: realOf(replica) }
  // What lies in a mirrored folder would be mirrored or deleted, and is whatever the folder's owner wrote.
  if (liesBelow(realOf(stateFolder), [real.source, real.replica]))
    return { seen: 'as before', remember: () => {} }
  // The clock tells whole milliseconds: what was made within this one was there before.
  const atNs = BigInt(Date.now() + 1) * 1_000_000n
  const now = identifyFolder(root, source, mounts)
  const isPlain = source === real.source && replica === real.replica
  const byName = recallSource(stateFolder, roots)
  const byPlace = isPlain ? byName : recallSource(stateFolder, real)
  const before = byName ?? byPlace
  const seen = before === undefined ? 'as before' : compareWithAll(before, now)
  const isKnown = byName !== undefined && isEqual(byName.identity, now)
  return {
    seen,
    remember: hasHoles => {
      const isAccepted =
        seen === 'as before' || settings.allowNewSource || (seesLosses(settings) && !hasHoles)
      if (!isAccepted || isKnown) return
      const seenNow = { identity: now, atNs, earlier: earlierThan(now, before) }
      rememberSource(stateFolder, roots, seenNow)
      // A link that leads to another release each time leaves no file for each.
      if (!isPlain && (byName === undefined || byPlace !== undefined))
        rememberSource(stateFolder, real, seenNow)
    },
  }
}

/** Enough for the releases that a deployment keeps. */
const mostEarlier = 7

function compareWithAll({ identity, atNs, earlier }: RememberedSource, now: FolderIdentity): SourceSeen {
  const isKnown = earlier.some(each => compareIdentities(each, now, atNs) === 'as before')
  return isKnown ? 'as before' : compareIdentities(identity, now, atNs)
}

/**
 * INVARIANT: only what lay on the file system that it is now. The folder that a disk is mounted over may have been the
 * source once, and must not be taken for it when the disk is gone.
 */
function earlierThan(now: FolderIdentity, before: RememberedSource | undefined): readonly FolderIdentity[] {
  if (before === undefined) return []
  return [before.identity, ...before.earlier]
    .filter(each => !isEqual(each, now) && compareIdentities(each, now, 0n) !== 'another file system')
    .slice(0, mostEarlier)
}

function isEqual(a: FolderIdentity, b: FolderIdentity): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

/** Whether the run would have noticed whatever the replica loses by this source: else it has not accepted it. */
function seesLosses({ delete: deletes, include, exclude, filter }: MemorySettings): boolean {
  return deletes && filter === undefined && exclude.length === 0 && includesAll(include)
}
