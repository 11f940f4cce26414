/**
 * What is left out of the mirror: what filters exclude, links that are to be skipped, what this run or another writes for itself, and other
 * file systems when only one is wanted. The replica's side of it is protected, unless `deleteExcluded`.
 */
import type { Entry } from '../model/entry.js'
import type { CompareSettings } from '../model/compare-settings.js'
import type { RootFacts } from '../model/jobs.js'
import type { Name, RelativePath } from '../model/path.js'
import { type Problem, problem } from '../model/problem.js'
import { escapeName } from '../tree/names.js'
import { isDead, isStagingName, readMarker } from '../tree/staging-marker.js'
import type { DirectorySide } from './list-sides.js'

/** Whether filters leave a path out. Plain patterns, compiled by the caller. */
type IsExcluded = (path: RelativePath, isDirectory: boolean) => boolean

export interface LeftOutRules {
  readonly settings: CompareSettings
  readonly roots: RootFacts
  readonly isExcluded: IsExcluded | undefined
}

export interface Candidate {
  readonly name: Name
  readonly path: RelativePath
  readonly source: Entry | undefined
  readonly replica: Entry | undefined
}

/** A found reason may be worth a notice, which goes to `problems`. */
export function isLeftOut(
  rules: LeftOutRules,
  candidate: Candidate,
  where: DirectorySide | undefined,
  problems: Problem[],
): boolean {
  const { path, name, source, replica } = candidate
  const isDirectory = (source ?? replica)?.kind === 'directory'
  if (rules.isExcluded?.(path, isDirectory) === true) return true
  if (isBeyond(rules.settings.limits, source ?? replica)) return true
  if (rules.settings.links === 'skip' && (source ?? replica)?.kind === 'symlink') return true
  if (source === undefined) return false
  const { ownFiles, sourceDevice } = rules.roots
  if (ownFiles.length > 0 && ownFiles.includes(`${source.device}:${source.inode}`)) {
    problems.push(
      problem(
        'notice',
        'source',
        path,
        `"${escapeName(path)}" is written by this run: left out of the mirror`,
      ),
    )
    return true
  }
  if (!isDirectory || source.kind !== 'directory') return false
  if (rules.settings.oneFileSystem && source.device !== sourceDevice) return true
  // Another run stages here when the source is itself a replica. Only a valid marker makes it so, not the name.
  if (path !== name || !isStagingName(name) || where === undefined) return false
  return readMarker(where.tree, where.directory, name) !== undefined
}

/** A file of the source is judged by itself, and one that only the replica has, by that. */
function isBeyond(limits: CompareSettings['limits'], entry: Entry | undefined): boolean {
  if (limits === undefined || entry?.kind !== 'file') return false
  const { minSize = 0, maxSize = Infinity, newerNs, olderNs } = limits
  if (entry.size < minSize || entry.size > maxSize) return true
  const { mtimeNs } = entry
  return (newerNs !== undefined && mtimeNs <= newerNs) || (olderNs !== undefined && mtimeNs >= olderNs)
}

/** A run that lives is at work in the replica: it is no concern of this one, whatever its filters say. */
export function isStagedByAnother(
  { livingStagings, goesOnWith }: RootFacts,
  { path, name, source, replica }: Candidate,
  where: DirectorySide | undefined,
): boolean {
  // Only the root holds any.
  if (path !== name || source !== undefined || !isStagingName(name) || where === undefined) return false
  const marker = readMarker(where.tree, where.directory, name)
  if (marker === undefined) return false
  return (
    (goesOnWith !== undefined && replica?.uid === goesOnWith) ||
    !isDead(marker, livingStagings.includes(name))
  )
}

/** @param identity `device:inode` of a root */
export function isDirectoryOf(entry: Entry | undefined, identity: string): boolean {
  return entry?.kind === 'directory' && `${entry.device}:${entry.inode}` === identity
}
